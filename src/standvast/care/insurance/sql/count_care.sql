-- How often each activity was done by one organisation and for how many different people: for each
-- month, each quarter and the whole period, in one pass.
SELECT programme, code, month, quarter, count(*), count(DISTINCT patient_id)
  FROM (SELECT programme, code, patient_id,
               date_trunc('month', done_on)::date AS month,
               date_trunc('quarter', done_on)::date AS quarter
          FROM insurance_activity
         WHERE organisation_id = %(organisation_id)s
           AND done_on >= %(from_on)s AND done_on < %(until_on)s
           AND withdrawn_at IS NULL) done
 GROUP BY GROUPING SETS ((programme, code, month), (programme, code, quarter), (programme, code))
