//! `allow: CODE "why"`: lints a declaration is let off.

use super::context::Context;
use super::fields::Fields;
use crate::codes::resolve::LINT_UNKNOWN;
use crate::model::Allow;
use crate::suggest::nearest;
use crate::syntax::value::Value;
use crate::{Diagnostic, Severity};

/// The lints a block allows; an unknown code is a warning.
pub(super) fn allows(cx: &mut Context<'_>, fields: &Fields<'_>) -> Vec<Allow> {
    let mut allows = Vec::new();
    for field in fields.all("allow") {
        let Value::Allow { code, why } = &field.value.node else { continue };
        let known = crate::lint::codes().find(|known| known.eq_ignore_ascii_case(&code.node));
        if let Some(known) = known {
            allows.push(Allow { code: known.to_owned(), why: why.as_ref().map(|why| why.node.clone()) });
            continue;
        }
        let message = format!("there is no lint `{}`", code.node);
        let mut diagnostic = Diagnostic::new(LINT_UNKNOWN.code, Severity::Warning, Some(code.span), message);
        if let Some(near) = nearest(&code.node, crate::lint::codes()) {
            diagnostic =
                diagnostic.hint(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), code.span, near);
        }
        cx.report(diagnostic.hint("`qd explain` lists every lint"));
    }
    allows
}
