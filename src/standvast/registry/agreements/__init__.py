"""Agreements: what an organisation signs once, and can always read again.

Owns     tables `agreements_agreement`, `agreements_version`, `agreements_download`,
         `agreements_signature`; pages under /agreements/.
Promises nobody signs what they did not download; at least one part is chosen, and which ones is
         kept; one signature per organisation and version; a version never changes: another one is
         a new version, and what was signed before stays as it was signed, with its document.
Uses     registry.access, registry.organisations, registry.tidings, core.journal.
Not      a qualified signature: it says who, signed in how, pressed when, on which bytes.
"""
