// Whether a comment (or an abstract that is one) says that its paper was withdrawn. arXiv has no field for it outside
// OAI-PMH (contracts: arXiv 6); submitters write it in their own words, and write the same words about other things:
// "Withdrawn submission to ICLR", "v1 withdrawn, v2 corrects it", "the second assertion has been withdrawn".
#pragma once

#include <string_view>

namespace broadsheet::latex {

// `version`: that of the paper the comment belongs to, 0 if unknown; it settles what "v1 was withdrawn" means.
bool says_withdrawn(std::string_view comment, int version);
// An abstract is a notice only if it is short and begins as one: papers also write about withdrawals.
bool is_withdrawal_notice(std::string_view abstract);

}  // namespace broadsheet::latex
