"""All wording for people: texts of alarms, phrases, names of kinds, lists, tables and pages, in both languages."""
