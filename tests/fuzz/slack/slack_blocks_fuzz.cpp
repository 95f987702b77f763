// Foreign text in every place of a document: what comes out is a message that Slack takes, within its budgets, without
// a mention or a link that our code did not make.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "../../fakes/slack_payload.hpp"
#include "adapters/slack/blocks.hpp"
#include "digest/doc/builder.hpp"

using namespace broadsheet;

namespace {

doc::Document document(const std::string& text) {
  auto paper = *PaperId::parse("2401.00001");
  auto half = text.substr(0, text.size() / 2);
  doc::Document out;
  out.blocks.emplace_back(doc::Heading{1, {doc::plain(half)}});
  out.blocks.emplace_back(doc::Paragraph{{doc::strong(text), doc::Link{half, text, doc::LinkKind::code}}, 1});
  out.blocks.emplace_back(doc::ListBlock{{{doc::plain(text)}, {doc::link_to_paper({paper, 1}, half)}}, true, 1});
  out.blocks.emplace_back(doc::Quote{{doc::Math{half, text}}, 2});
  out.blocks.emplace_back(doc::CodeBlock{text, half, 2});
  out.blocks.emplace_back(doc::Note{{doc::plain(text)}, 2});
  out.blocks.emplace_back(doc::Buttons{{{doc::Action::save, text, paper, {}}, {doc::Action::open, half, {}, text}}, 3});
  out.blocks.emplace_back(doc::Collapsible{half, {doc::Paragraph{{doc::emphasis(text)}, 0}}, 3});
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  adapters::Part part{model::PartKind::card, document(text), {}};
  for (const auto& message : slack::render({part}, {})) {
    auto body = nlohmann::json::parse(message.body);
    body["channel"] = "C1";
    body["unfurl_links"] = body["unfurl_media"] = false;
    for (const auto& fault : fakes::check_payload(body)) {
      std::cerr << fault << "\n";
      std::abort();
    }
    if (body["text"].get<std::string>().size() > slack::kFallbackBytes) std::abort();
  }
  (void)slack::read_button(text);
  return 0;
}
