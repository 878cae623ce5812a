# Courriels. Des phrases simples : les mêmes textes servent à la partie brute et à la partie HTML.

sign-in-subject = { $code } est votre code pour { $space }
sign-in-greeting = Bonjour,
sign-in-code = Ce code vous connecte à { $space } :
sign-in-link = Ou ouvrez cette adresse dans le navigateur où vous l’avez demandé :
sign-in-button = Se connecter
sign-in-limits = Le code et l’adresse servent une fois, pendant { $minutes } minutes.
sign-in-not-you = Si vous n’avez rien demandé, ne faites rien : personne ne peut se connecter sans ce courriel. Ne transmettez jamais ce code ; personne chez { $space } ne vous le demandera.

invitation-subject = { $space } vous invite à partager son actualité
invitation-greeting = Bonjour { $name },
invitation-lead = { $space } vous propose des articles, des offres d’emploi et des vidéos à partager sur vos propres réseaux, chacun avec un lien personnel. Vous choisissez ce que vous partagez, où, et si vous partagez.
invitation-how = Pour y jeter un œil, ouvrez cette adresse et demandez un code avec l’adresse à laquelle ce courriel vous a été envoyé :
invitation-button = Jeter un œil
invitation-free = La participation est volontaire et vous pouvez partir à tout moment. Personne ne voit de liste de ceux qui n’ont pas partagé, et aucun compte de réseau social n’est jamais connecté.

digest-subject =
    { $count ->
        [one] Du nouveau chez { $space } : { $title }
       *[other] { $count } nouveautés à partager chez { $space }
    }
digest-lead = { $space } vous propose du nouveau à partager, si vous le souhaitez :
digest-all = Tout voir
digest-why = Vous recevez ce courriel parce que vous l’avez demandé.
digest-stop = Ne plus recevoir ces courriels
