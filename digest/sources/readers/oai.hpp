// OAI-PMH answers in the formats arXiv and arXivRaw (contracts: arXiv 3).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "digest/model/paper.hpp"

namespace broadsheet::sources {

struct OaiVersion {
  int version = 0;
  std::optional<Moment> date;
  bool withdrawn = false;   // source_type "I", or nothing but a size of 0
  bool has_source = false;  // a size or another type is given: there is something to read
};

struct OaiPage {
  std::vector<Paper> papers;
  std::vector<PaperId> deleted;
  std::map<PaperId, std::vector<OaiVersion>> versions;  // arXivRaw only
  std::string resumption_token;                         // empty: the list is complete
  std::optional<Moment> token_expires;
  bool no_records = false;  // noRecordsMatch: an empty result, not a fault
  std::vector<std::string> problems;
};

// OAI errors become Errors: idDoesNotExist → not_found, badResumptionToken → refused, others → bad_input.
Result<OaiPage> read_oai(std::string_view bytes);

}  // namespace broadsheet::sources
