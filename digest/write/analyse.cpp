#include "digest/write/analyse.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "bot/base/text.hpp"
#include "digest/latex/display.hpp"
#include "digest/write/findings.hpp"
#include "digest/write/sentences.hpp"
#include "digest/write/tldr.hpp"

namespace broadsheet::write {
Result<std::string> analyse_line(std::string_view line, const CompatFindings& compat) {
  using Json = nlohmann::json;
  auto in = Json::parse(line, nullptr, false);
  if (!in.is_object()) return Error(ErrorKind::bad_input, "not a JSON object");
  std::string title = in.contains("title") && in["title"].is_string() ? in["title"].get<std::string>() : "";
  std::vector<std::string> sentences;
  std::string abstract;
  if (in.contains("sentences") && in["sentences"].is_array()) {
    for (const auto& s : in["sentences"]) {
      if (!s.is_string()) return Error(ErrorKind::bad_input, "\"sentences\" must hold strings");
      sentences.push_back(s.get<std::string>());
    }
    abstract = text::join(sentences, " ");
  } else if (in.contains("abstract") && in["abstract"].is_string()) {
    abstract = in["abstract"].get<std::string>();
    sentences = split_sentences(latex::to_display(abstract, latex::Mode::abstract));
  } else {
    return Error(ErrorKind::bad_input, R"(needs "abstract" or "sentences")");
  }
  auto labelled = label(sentences);
  auto best = tldr(title, labelled);
  Json out;
  out["sentences"] = Json::array();
  for (const auto& s : labelled)
    out["sentences"].push_back({{"text", s.text}, {"role", to_string(s.base)}, {"p", std::round(s.p * 1000) / 1000}});
  out["tldr"] = best.text;
  out["tldr_verbatim"] = best.verbatim;
  out["findings"] = Json::array();
  for (auto i : findings(labelled)) out["findings"].push_back(labelled[i].text);
  out["findings_compat"] = compat(abstract);
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace broadsheet::write
