"""What the operator reads where PostgreSQL's own programs are missing."""

from __future__ import annotations

DUMP_RECIPE = """\
De programma's van PostgreSQL staan niet op deze computer. Maak de kopie waar ze wel staan:

  pg_dump --format=custom --no-owner --no-privileges --dbname=DATABASE --file=wegwijzer.dump

Met Docker Compose:

  umask 077
  docker compose exec -T postgres \\
    pg_dump --format=custom --username=wegwijzer wegwijzer > wegwijzer.dump
  docker compose exec -T app cat /app/var/geheim/links > wegwijzer.geheim

Het bestand geheim/links hoort erbij: zonder dat werken de links in e-mails later niet."""

RESTORE_RECIPE = """\
De programma's van PostgreSQL staan niet op deze computer. Stop de app, maak een nieuwe, lege
database, en zet de kopie terug waar ze wel staan:

  pg_restore --exit-on-error --single-transaction --no-owner --no-privileges \\
    --dbname=DATABASE wegwijzer.dump

Zet geheim/links terug in de datamap, en geef voor de eerste start:

  wegwijzer deliveries hold

Die opdracht houdt vast wat na de kopie al verstuurd kan zijn; anders gaat het twee keer. Doe
voor de eerste start ook wijzigingen van contacten en beëindigde links van na de kopie opnieuw.
Hoe dit met Docker Compose gaat, staat in docs/handleiding-beheerder.md."""
