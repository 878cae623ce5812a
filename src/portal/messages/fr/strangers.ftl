# Pages pour les personnes qui ne sont pas connectées, et ce qu’elles ont signalé.

stop-title = Plus de courriels ?
stop-text = Vous ne recevrez plus de courriels sur les nouveautés. Vous pourrez les choisir à nouveau dans votre compte.
stop-do = Arrêter les courriels
stopped-title = Les courriels sont arrêtés
stopped-text = Vous ne recevez plus de courriels sur les nouveautés.
stopped-account = Vers mon compte

report-title = Signaler un lien
report-lead = Dites à { $space } ce qui ne va pas. Rien n’est gardé de qui vous êtes.
report-code = Le code du lien
report-code-hint = Ce qui suit la dernière barre oblique du lien.
report-reason = Qu’est-ce qui ne va pas ?
report-harmful = Il mène à quelque chose de trompeur ou de nuisible
report-unwanted = On me l’a envoyé sans que je le veuille
report-misleading = Il mène à autre chose que ce qu’il annonce
report-other = Autre chose
report-note = Que devons-nous savoir d’autre ?
report-note-hint = Facultatif. N’écrivez rien sur vous.
report-send = Signaler le lien
reported-title = Merci
reported-text = Les personnes qui animent le programme vont regarder.

reports-title = Liens signalés
reports-lead = Ce qu’en disent des personnes qui ont reçu un lien. Rien n’est connu d’elles.
reports-empty-title = Rien n’a été signalé
reports-empty = Quand quelqu’un signale un lien de cet espace, il apparaît ici.
reports-disable = Désactiver le lien
reports-close = Laisser, tout va bien
flash-report-disabled = Le lien est désactivé : ses visiteurs reçoivent la page de repli.
flash-report-closed = Les signalements sont clos.
