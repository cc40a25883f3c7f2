"""The page kit: templates, components, languages, errors, headers, static files. No domain.

Owns     table `web_cache`; addresses below `/static/` and `/web/`; the frame around every page.
Promises a page works without JavaScript, in three languages, by keyboard, on paper and on a
         telephone; no inline script or style; an error page needs no database.
Uses     kit, database.
Not      what a page says or decides: that is its module's. Nothing here knows of care.
"""
