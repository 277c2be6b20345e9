//! Fences of Markdown.

/// The fence that is open.
pub(super) struct Fence {
    sign: char,
    count: usize,
    /// Whether it holds mathematics.
    pub(super) math: bool,
}

impl Fence {
    /// The fence that a line opens.
    pub(super) fn opens(line: &str) -> Option<Fence> {
        let line = line.trim_start_matches([' ', '\t', '>']);
        let sign = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let count = line.chars().take_while(|c| *c == sign).count();
        let info = line.get(count..)?.trim();
        if count < 3 || (sign == '`' && info.contains('`')) {
            return None;
        }
        let word = |c: char| !c.is_alphanumeric();
        let tag = info
            .trim_start_matches(['{', '.'])
            .split(word)
            .next()
            .unwrap_or_default();
        let math = matches!(
            tag.to_lowercase().as_str(),
            "math" | "latex" | "tex" | "katex"
        );
        Some(Fence { sign, count, math })
    }

    pub(super) fn closes(&self, line: &str) -> bool {
        let line = line.trim_start_matches([' ', '\t', '>']).trim_end();
        line.chars().all(|c| c == self.sign) && line.len() >= self.count
    }
}
