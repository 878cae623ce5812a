//! Every `code` of a problem document, and of a field in one. Programs hold on to them: a code is
//! added here, and never changes its meaning.

/// A problem's code: the status that it comes with, the word, and what it means.
pub(in crate::api) struct Code {
    pub(in crate::api) status: u16,
    pub(in crate::api) word: &'static str,
    pub(in crate::api) meaning: &'static str,
}

const fn code(status: u16, word: &'static str, meaning: &'static str) -> Code {
    Code { status, word, meaning }
}

/// All codes, by status.
pub(in crate::api) const CODES: &[Code] = &[
    code(400, "malformed_json", "the body is not JSON"),
    code(400, "body_unreadable", "the body ended before it was complete"),
    code(400, "invalid_idempotency_key", "the Idempotency-Key is empty, too long or not printable ASCII"),
    code(401, "token_missing", "no bearer token was sent"),
    code(401, "token_malformed", "the token is mistyped or cut off"),
    code(401, "token_unknown", "the token was never issued, or was taken back"),
    code(401, "token_expired", "the token's time is over"),
    code(401, "signed_out", "the session is over: sign in again"),
    code(403, "forbidden", "the token's role, or what it is narrowed to, does not allow that"),
    code(403, "more_than_own", "the new token would be allowed more than the one that makes it"),
    code(403, "no_advocate", "this is for an advocate's own token or session"),
    code(403, "same_origin_proof_missing", "a change with a session needs the proof that a page of this site makes it"),
    code(403, "space_closed", "the space is closed: reopen it first"),
    code(404, "no_such_route", "there is nothing at this path"),
    code(404, "not_found", "what the path or a field names does not exist"),
    code(404, "space_not_found", "there is no such space"),
    code(404, "advocate_not_found", "there is no such advocate"),
    code(404, "team_not_found", "there is no such team"),
    code(404, "campaign_not_found", "there is no such campaign"),
    code(404, "content_not_found", "there is no such content"),
    code(404, "link_not_found", "there is no such link"),
    code(404, "share_not_found", "there is no such share"),
    code(404, "token_not_found", "there is no such token"),
    code(404, "session_not_found", "there is no such session"),
    code(404, "audit_entry_not_found", "there is no such entry of the audit log"),
    code(404, "feed_not_found", "there is no such feed"),
    code(404, "proposal_not_found", "there is no such proposal"),
    code(404, "application_not_found", "there is no such application"),
    code(404, "webhook_not_found", "there is no such webhook"),
    code(404, "import_not_found", "there is no such import"),
    code(404, "export_not_found", "there is no such export"),
    code(404, "kpi_not_found", "there is no such KPI"),
    code(405, "method_not_allowed", "the path takes other methods: see Allow"),
    code(408, "body_timeout", "the body did not arrive in time"),
    code(409, "conflict", "somebody was faster: try again"),
    code(409, "idempotency_key_reused", "the Idempotency-Key was used for another request"),
    code(409, "email_taken", "another advocate has this e-mail address"),
    code(409, "external_id_taken", "another entity has this external_id"),
    code(409, "host_taken", "another space has this host"),
    code(409, "content_over", "the content has expired or is closed"),
    code(409, "charter_not_accepted", "the advocate has not accepted the charter yet"),
    code(409, "charter_changed", "a newer version of the charter was published"),
    code(409, "advocate_left", "the advocate has left the programme"),
    code(409, "code_taken", "another link has this code"),
    code(409, "link_exists", "the three have a link with another code"),
    code(409, "name_taken", "another team has this name"),
    code(409, "slug_taken", "another campaign has this slug"),
    code(409, "team_cycle", "the team would stand below itself"),
    code(409, "team_too_deep", "the tree of teams would be deeper than 8"),
    code(409, "feed_exists", "the space has a feed of this address"),
    code(409, "too_many_feeds", "the space has as many feeds as it may"),
    code(409, "already_a_content", "the proposal was decided on before"),
    code(409, "content_exists", "the space has a content of this address"),
    code(409, "not_shareable", "the space may not share this address"),
    code(409, "too_many_webhooks", "the space has as many webhooks as it may"),
    code(409, "webhook_off", "the webhook is switched off: switch it on first"),
    code(409, "too_many_transfers", "as many imports and exports of the space wait as may"),
    code(409, "transfer_over", "the import or export has ended, or its files are gone"),
    code(409, "transfer_open", "the export has not ended: cancel it first"),
    code(409, "not_a_dry_run", "only a dry run that has ended can be confirmed"),
    code(409, "export_not_ready", "the export is still being written"),
    code(409, "on_another_node", "the files are on another node's disk: ask there"),
    code(410, "snapshot_needed", "the feed has forgotten these changes: read everything again"),
    code(412, "precondition_failed", "the entity is not the one that If-Match names: read it again"),
    code(413, "body_too_large", "the body is larger than this path takes"),
    code(414, "uri_too_long", "path and query are too long"),
    code(415, "not_json", "the body is not declared as application/json"),
    code(415, "not_an_upload", "the body is declared neither as multipart/form-data nor as application/zip"),
    code(422, "invalid_fields", "some fields cannot be taken as they are: see errors"),
    code(429, "too_many_requests", "this token or this address asks too often: see Retry-After"),
    code(429, "too_many_refused_tokens", "this network sent too many tokens that are none: see Retry-After"),
    code(500, "internal", "something failed here; it was logged with the request_id"),
    code(502, "click_log_failed", "ClickHouse answered something that is no answer"),
    code(502, "figures_failed", "ClickHouse answered something that is no answer"),
    code(503, "busy", "the store is busy: see Retry-After"),
    code(503, "timeout", "the request took too long: see Retry-After"),
    code(503, "click_log_away", "ClickHouse does not answer: see Retry-After"),
    code(503, "figures_away", "ClickHouse does not answer, or has not heard of the space yet: see Retry-After"),
    code(504, "click_log_too_long", "ClickHouse needed too long: ask for less"),
    code(504, "figures_too_long", "ClickHouse needed too long: ask for less"),
];

/// Codes of fields alone. A field also carries the problem's own code where it is the one at fault.
pub(in crate::api) const FIELD_CODES: &[(&str, &str)] = &[
    ("invalid", "not of the form that the message tells"),
    ("required", "must be given, and not empty"),
    ("too_long", "longer than the message allows"),
    ("unknown_field", "there is no field or parameter of this name"),
    ("duplicate_field", "given twice"),
    ("reserved", "a word that addresses of Relais's own use"),
    ("personal_data", "describes a candidate: nothing of that is kept"),
    ("port_not_allowed", "none of the ports 80 and 443"),
    ("host_unknown", "the name has no address"),
    ("address_not_public", "not on the public internet"),
    ("unreachable", "nothing answers at this address"),
    ("tls_failed", "the certificate or the encryption of this address cannot be trusted"),
    ("too_many_redirects", "the address leads on more than five times"),
    ("too_slow", "the address did not answer in time"),
    ("refused_by_site", "the address answered with an error"),
    ("unreadable", "what the address serves cannot be read"),
    ("offline", "this program fetches nothing"),
    ("invalid_url", "no http or https address, or one with parts that mislead"),
    ("own_host", "the address leads back to a short-link host of this installation"),
    ("domain_not_allowed", "the host is not among the space's destination_domains"),
    ("public_mailbox", "anybody can have an address of this domain"),
];

/// Whether a problem may carry the word with this status.
pub(super) fn is_listed(status: u16, word: &str) -> bool {
    CODES.iter().any(|code| code.status == status && code.word == word)
}

/// Whether a field may carry the word.
pub(super) fn is_listed_of_field(word: &str) -> bool {
    field_words().any(|known| known == word)
}

/// Every word that a field may carry.
pub(in crate::api) fn field_words() -> impl Iterator<Item = &'static str> {
    FIELD_CODES.iter().map(|(word, _)| *word).chain(CODES.iter().map(|code| code.word))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// How the sources write a code, and how many arguments stand before it.
    const WAYS: &[(&str, usize)] = &[("code: ", 0), ("refuse(", 1), ("Error::field(", 1), ("refused(", 0)];

    /// Words that only forms of the pages are refused with, and the description need not know. A handler that answers one
    /// fails where problems are made.
    const OF_PAGES: &[&str] =
        &["invalid_target", "no_column", "not_a_picture", "other_job", "too_large", "unknown_column"];

    /// Codes in the sources below `folder`.
    fn words_of(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a source folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                words_of(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source file");
                let places =
                    WAYS.iter().flat_map(|(way, before)| text.split(way).skip(1).map(move |rest| (rest, *before)));
                found.extend(places.filter_map(|(rest, before)| word(argument(rest, before)?)).map(str::to_owned));
            }
        }
    }

    /// A list of arguments from the one on that has `before` others before it.
    fn argument(mut rest: &str, before: usize) -> Option<&str> {
        for _ in 0..before {
            rest = &rest[end_of_argument(rest)?..];
        }
        Some(rest)
    }

    /// The place behind the comma that ends an argument; none when no other one follows.
    fn end_of_argument(text: &str) -> Option<usize> {
        let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
        for (place, character) in text.char_indices() {
            match character {
                _ if escaped => escaped = false,
                '\\' if in_text => escaped = true,
                '"' => in_text = !in_text,
                _ if in_text => {}
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.checked_sub(1)?,
                ',' if depth == 0 => return Some(place + 1),
                _ => {}
            }
        }
        None
    }

    /// The word that is written out here; none where a variable stands, or a type.
    fn word(argument: &str) -> Option<&str> {
        argument.trim_start().strip_prefix('"')?.split('"').next()
    }

    #[test]
    fn every_code_of_the_programme_is_in_the_list() {
        let mut found = Vec::new();
        words_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/programme"), &mut found);
        for known in ["code_taken", "public_mailbox", "other_job", "no_column"] {
            assert!(found.iter().any(|word| word == known), "the search finds {known} no more");
        }
        for of_pages in OF_PAGES {
            assert!(
                found.iter().any(|word| word == of_pages),
                "nothing is {of_pages} any more: take it out of OF_PAGES"
            );
        }
        found.retain(|word| field_words().chain(OF_PAGES.iter().copied()).all(|known| known != word));
        assert!(found.is_empty(), "add to CODES or FIELD_CODES: {found:?}");
    }

    #[test]
    fn the_search_reads_a_code_where_it_stands() {
        let code = |text: &'static str, before| argument(text, before).and_then(word);
        assert_eq!(code("\"limit\", \"too_long\", message)", 1), Some("too_long"));
        assert_eq!(code("&format!(\"{name}.text, (\\\"\"), \"required\", \"a\")", 1), Some("required"));
        assert_eq!(code("\n    name,\n    \"invalid\",\n)", 1), Some("invalid"));
        assert_eq!(code("name, error.code(), \"text\")", 1), None);
        assert_eq!(code("check), \"text\"", 1), None);
        assert_eq!(code("\"no_column\", message)", 0), Some("no_column"));
    }

    #[test]
    fn a_word_is_listed_once() {
        let mut words: Vec<_> = field_words().collect();
        words.sort_unstable();
        let all = words.len();
        words.dedup();
        assert_eq!(words.len(), all);
        assert!(CODES.is_sorted_by_key(|code| code.status));
    }
}
