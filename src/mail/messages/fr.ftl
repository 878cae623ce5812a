# Courriels. Des phrases simples : les mêmes textes servent à la partie brute et à la partie HTML.

sign-in-subject = { $code } est votre code pour { $space }
sign-in-greeting = Bonjour,
sign-in-code = Ce code vous connecte à { $space } :
sign-in-link = Ou ouvrez cette adresse dans le navigateur où vous l’avez demandé :
sign-in-button = Se connecter
sign-in-limits = Le code et l’adresse servent une fois, pendant { $minutes } minutes.
sign-in-not-you = Si vous n’avez rien demandé, ne faites rien : personne ne peut se connecter sans ce courriel. Ne transmettez jamais ce code ; personne chez { $space } ne vous le demandera.
