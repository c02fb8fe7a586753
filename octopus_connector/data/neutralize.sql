-- A copy of this database keeps no login, so that it can not book anywhere. It still
-- knows which database was connected: a login entered here calls only after somebody
-- confirmed it.
UPDATE octopus_connection
   SET secret = NULL,
       software_house = NULL,
       state = 'draft';
-- What was given on Octopus's own page is the original's alone.
DELETE FROM octopus_token;
DELETE FROM octopus_authorization;
-- Nothing leaves by itself.
UPDATE octopus_dossier
   SET automatic = FALSE;
