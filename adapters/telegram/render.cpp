#include "adapters/telegram/render.hpp"

#include <nlohmann/json.hpp>

#include "adapters/common/fit.hpp"
#include "adapters/telegram/limits.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::OutgoingMessage;
using adapters::Part;
using doc::Blocks;
using doc::Inlines;
using Json = nlohmann::json;

class Writer {
 public:
  FormattedText write(const doc::Document& document) {
    blocks(document.blocks);
    return out_.finish();
  }

 private:
  void blocks(const Blocks& list) {
    for (const auto& block : list) std::visit([this](const auto& b) { write_block(b); }, block);
  }

  void inlines(const Inlines& list, std::string_view type = {}) {
    for (const auto& part : list) {
      if (const auto* words = std::get_if<doc::Text>(&part)) {
        out_.text(words->text, style(words->style, type));
      } else if (const auto* link = std::get_if<doc::Link>(&part)) {
        if (link->url.empty())
          out_.text(link->text, type);
        else if (type.empty())
          out_.link(link->text, link->url);
        else
          out_.around(type, [&] { out_.link(link->text, link->url); });
      } else {
        out_.text(std::get<doc::Math>(part).display, type);
      }
    }
  }

  static std::string_view style(doc::Emphasis emphasis, std::string_view otherwise) {
    switch (emphasis) {
      case doc::Emphasis::strong:
        return "bold";
      case doc::Emphasis::emphasis:
        return "italic";
      case doc::Emphasis::code:
        return "code";
      default:
        return otherwise;
    }
  }

  void write_block(const doc::Heading& b) {
    out_.paragraph_break();
    inlines(b.text, "bold");
    out_.line_break();
  }
  void write_block(const doc::Paragraph& b) {
    inlines(b.text);
    out_.line_break();
  }
  void write_block(const doc::ListBlock& b) {
    std::size_t n = 0;
    for (const auto& item : b.items) {
      out_.text(b.numbered ? std::to_string(++n) + ". " : "• ");
      inlines(item);
      out_.line_break();
    }
  }
  void write_block(const doc::Quote& b) {
    out_.around("blockquote", [&] { inlines(b.text); });
    out_.line_break();
  }
  void write_block(const doc::CodeBlock& b) {
    out_.text(b.text, "pre");
    out_.line_break();
  }
  void write_block(const doc::Divider&) { out_.paragraph_break(); }
  void write_block(const doc::Note& b) {
    out_.around("italic", [&] { inlines(b.text); });
    out_.line_break();
  }
  void write_block(const doc::Buttons&) {}  // the keyboard, not the text
  void write_block(const doc::Collapsible& b) {
    out_.text(b.label, "bold");
    out_.line_break();
    out_.around("expandable_blockquote", [&] { blocks(b.content); });
    out_.line_break();
  }
  void write_block(const doc::CardBlock& b) {
    out_.paragraph_break();
    blocks(b.content);
  }

  Composer out_;
};

bool fits_one(const FormattedText& text) {
  return refusal(text).empty();
}

doc::Document joined(const std::vector<Part>& parts) {
  doc::Document out;
  for (const auto& part : parts) {
    if (!out.blocks.empty()) out.blocks.emplace_back(doc::Divider{});
    out.blocks.insert(out.blocks.end(), part.document.blocks.begin(), part.document.blocks.end());
  }
  return out;
}

bool has_buttons(const Blocks& list) {
  for (const auto& block : list) {
    if (std::holds_alternative<doc::Buttons>(block)) return true;
    if (const auto* card = std::get_if<doc::CardBlock>(&block); card != nullptr && has_buttons(card->content))
      return true;
  }
  return false;
}

OutgoingMessage message(const FormattedText& text, adapters::PartKind kind, bool keyboard, bool silent) {
  auto entities = Json::array();
  for (const auto& e : text.entities) {
    Json one{{"type", e.type}, {"offset", e.offset}, {"length", e.length}};
    if (!e.url.empty()) one["url"] = e.url;
    if (!e.language.empty()) one["language"] = e.language;
    entities.push_back(std::move(one));
  }
  Json body{{"text", text.text}, {"entities", std::move(entities)}};
  if (keyboard) body["keyboard"] = true;
  if (silent) body["silent"] = true;
  return {kind, false, body.dump(), text.text};
}

}  // namespace

FormattedText formatted(const doc::Document& document) {
  return Writer().write(document);
}

std::vector<OutgoingMessage> messages(const std::vector<Part>& parts, const adapters::RenderOptions& options) {
  auto fits_document = [](const doc::Document& d) { return fits_one(formatted(d)); };
  std::vector<Part> fitted;
  for (const auto& part : parts) {
    auto copy = part;
    // A card is shortened by its own rules; an overview or an answer goes on in a further message.
    if (part.kind == adapters::PartKind::card) copy.document = adapters::fit(part.document, fits_document);
    fitted.push_back(std::move(copy));
  }
  auto fits_together = [&](const std::vector<Part>& group) {
    if (!options.combine && group.front().kind == adapters::PartKind::summary) return false;
    return fits_document(joined(group));
  };
  std::vector<OutgoingMessage> out;
  for (const auto& group : adapters::pack(fitted, fits_together)) {
    bool digest = group.front().kind == adapters::PartKind::summary || group.front().kind == adapters::PartKind::card;
    auto document = joined(group);
    bool keyboard = digest || has_buttons(document.blocks);
    for (const auto& piece : split(formatted(document)))
      out.push_back(message(piece, group.front().kind, keyboard, options.silent || !out.empty()));
  }
  return out;
}

}  // namespace broadsheet::telegram
