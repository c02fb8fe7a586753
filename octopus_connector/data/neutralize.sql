-- A copy of this database keeps no login, so that it can not book anywhere.
UPDATE octopus_connection
   SET secret = NULL,
       software_house = NULL,
       state = 'draft',
       database_uuid = NULL;
-- Nothing leaves by itself.
UPDATE octopus_dossier
   SET automatic = FALSE;
