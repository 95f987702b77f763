// Any text as a paper: every message passes the validator and the judge, links lead to the paper only, and the server
// finds nothing by itself.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "adapters/telegram/render.hpp"
#include "digest/doc/builder.hpp"
#include "tests/fakes/telegram_text.hpp"

using namespace broadsheet;

namespace {

void check(const model::OutgoingMessage& message) {
  auto body = nlohmann::json::parse(message.body);
  std::vector<fakes::TextEntity> sent;
  for (const auto& e : body.value("entities", nlohmann::json::array())) {
    auto url = e.value("url", "");
    if (!url.empty() && !url.starts_with("https://arxiv.org/")) std::abort();
    sent.push_back({e.at("type"), e.at("offset"), e.at("length"), url, e.value("language", ""), {}, 0, 0, {}});
  }
  if (sent.size() > 100) std::abort();
  auto judged = fakes::judge_entities(body.at("text").get<std::string>(), sent, fakes::TextKind::message);
  if (!judged) std::abort();
  for (const auto& e : judged->entities)
    if (fakes::is_automatic(e.type)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  auto cut = input.find('\n');
  auto title = input.substr(0, cut);
  auto rest = cut == std::string_view::npos ? input : input.substr(cut + 1);
  auto id = *PaperId::parse("2401.12345");
  doc::Document card{{doc::CardBlock{
      id,
      {doc::Heading{3, {doc::link_to_paper({id, 1}, title)}}, doc::Paragraph{{doc::emphasis(rest)}, 2},
       doc::Paragraph{{doc::strong(rest)}, 0}, doc::ListBlock{{{doc::plain(title)}, {doc::plain(rest)}}, true, 1},
       doc::Paragraph{{doc::plain(rest), doc::Math{std::string(title), "x"}}, 2}},
      0}}};
  doc::Document answer{{doc::Heading{1, {doc::plain(title)}}, doc::Paragraph{{doc::plain(rest)}, 0},
                        doc::CodeBlock{std::string(rest), "cpp", 0}, doc::Quote{{doc::plain(rest)}, 0}}};
  for (const auto& m : telegram::render({{model::PartKind::card, card, id}}, {})) check(m);
  for (const auto& m : telegram::render({{model::PartKind::reply, answer, {}}}, {})) check(m);
  return 0;
}
