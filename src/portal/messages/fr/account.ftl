# Le compte d’une personne.

account-title = Mon compte
account-who = Vous êtes connecté en tant que { $who }.
account-role-advocate = Vous participez comme ambassadeur.
account-role-marketing = Vous participez pour le marketing.
account-role-recruiter = Vous participez pour le recrutement.
account-role-admin = Vous administrez cet espace.
account-sessions = Où vous êtes connecté
account-since = Depuis le { $when }
account-seen = Dernière utilisation : { $when }
account-this = Ce navigateur
account-end = Déconnecter là-bas
account-out = Se déconnecter
account-everywhere = Se déconnecter partout

account-digest = Courriels sur les nouveautés
account-digest-daily = Les jours ouvrés, quand il y a du nouveau
account-digest-weekly = Une fois par semaine, quand il y a du nouveau
account-digest-none = Jamais
account-save = Enregistrer
account-membership = Participation
account-charter = Lire la charte
account-leave = Quitter le programme

flash-digest = Votre choix est enregistré.
