-- What stands in some sessions, if their time has not passed.
SELECT session_key, session_data
FROM django_session
WHERE session_key = ANY(%(session_keys)s::text[]) AND expire_date > clock_timestamp()
