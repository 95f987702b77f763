// Whatever a paper says, the message is valid, means nobody, and has exactly the links that our code made.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "adapters/matrix/content.hpp"
#include "adapters/matrix/markup.hpp"
#include "tests/fakes/matrix_content.hpp"

using namespace broadsheet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(data, data + size);
  auto half = text.substr(0, size / 2), rest = text.substr(size / 2);
  adapters::Part part;
  part.kind = model::PartKind::card;
  auto& blocks = part.document.blocks;
  blocks.emplace_back(doc::Heading{3, {doc::Link{half, "https://arxiv.org/abs/2401.00001v1"}}});
  blocks.emplace_back(doc::Paragraph{{doc::Text{half, doc::Emphasis::strong}, doc::Math{rest, half}}, 0});
  blocks.emplace_back(doc::ListBlock{{{doc::Text{rest}}, {doc::Link{rest, half}}}, true, 1});
  blocks.emplace_back(doc::CodeBlock{rest, half, 1});
  blocks.emplace_back(doc::Collapsible{half, {doc::Quote{{doc::Text{rest}}, 2}}, 2});
  blocks.emplace_back(doc::Buttons{{{doc::Action::save, half, {}, {}}}, 3});
  for (bool native : {false, true}) {
    adapters::RenderOptions options;
    options.native_maths = native;
    for (const auto& message : matrix::render({part}, options, {})) {
      if (!fakes::content_faults(message.body).empty()) std::abort();
      if (message.body.size() > matrix::kContentCap) std::abort();
    }
    auto links = fakes::links_in(matrix::to_html(part.document, {.native_maths = native}));
    std::size_t expected = matrix::linkable(half) ? 2 : 1;
    if (links.size() != expected || links.front() != "https://arxiv.org/abs/2401.00001v1") std::abort();
  }
  return 0;
}
