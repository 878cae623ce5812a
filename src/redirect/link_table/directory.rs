//! The immutable part of the table that links share.

use std::collections::HashMap;
use std::sync::Arc;

use super::chunked::Chunked;
use super::facts::{AdvocateFacts, CampaignFacts, ContentFacts, SpaceFacts, Target};

/// Spaces, contents, campaigns, advocates and targets by index. A slot is empty while its entity
/// is only mentioned by others, and after it was removed.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// Index of the space that a host (lower case, no port) belongs to.
    pub(super) hosts: Arc<HashMap<Box<str>, u32>>,
    pub(super) spaces: Chunked<Option<Arc<SpaceFacts>>>,
    pub(super) contents: Chunked<Option<Arc<ContentFacts>>>,
    pub(super) campaigns: Chunked<Option<Arc<CampaignFacts>>>,
    pub(super) advocates: Chunked<AdvocateFacts>,
    pub(super) targets: Chunked<Target>,
}

/// Longest host name, in bytes (RFC 1035).
const MAX_HOST: usize = 253;

impl Directory {
    /// Index of the space that owns the host of a `Host` header, if one does.
    pub(super) fn space_of(&self, host: &[u8]) -> Option<u32> {
        if self.hosts.is_empty() {
            return None;
        }
        let name = without_port(host);
        let mut lower = [0u8; MAX_HOST];
        let lower = lower.get_mut(..name.len())?;
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        self.hosts.get(std::str::from_utf8(lower).ok()?).copied()
    }

    /// The space that owns this host.
    pub fn space_of_host(&self, host: &[u8]) -> Option<&Arc<SpaceFacts>> {
        self.spaces.get(self.space_of(host)?)?.as_ref()
    }

    /// Bytes of everything here, texts estimated by their length.
    pub(super) fn memory_bytes(&self) -> usize {
        let locations: usize = self.targets.iter().filter_map(|target| target.location.as_ref()).map(|l| l.len()).sum();
        let contents = self.contents.iter().flatten().map(|content| {
            let entity = &content.entity;
            let texts = entity.url.len() + entity.title.len() + entity.summary.as_ref().map_or(0, String::len);
            size_of::<ContentFacts>() + texts
        });
        locations
            + contents.sum::<usize>()
            + self.spaces.memory_bytes()
            + self.contents.memory_bytes()
            + self.campaigns.memory_bytes()
            + self.advocates.memory_bytes()
            + self.targets.memory_bytes()
    }
}

/// The name in `name`, `name:port` or `[v6]:port`.
fn without_port(host: &[u8]) -> &[u8] {
    if host.first() == Some(&b'[') {
        return host.iter().position(|byte| *byte == b']').map_or(host, |end| &host[..=end]);
    }
    let name = host.iter().position(|byte| *byte == b':').map_or(host, |colon| &host[..colon]);
    // A name may be written with the root's dot.
    name.strip_suffix(b".").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_compared_without_port_case_and_root() {
        for host in ["go.example", "GO.Example", "go.example:8080", "go.example."] {
            assert_eq!(without_port(host.as_bytes()).to_ascii_lowercase(), b"go.example", "{host}");
        }
        assert_eq!(without_port(b"[::1]:80"), b"[::1]");
    }
}
