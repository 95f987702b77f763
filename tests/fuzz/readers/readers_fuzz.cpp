// Documents from outside are read or refused with a sentence; every paper read has an id and a title. The first byte
// picks the reader.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "digest/sources/readers/api.hpp"
#include "digest/sources/readers/feed.hpp"
#include "digest/sources/readers/jsonl.hpp"
#include "digest/sources/readers/listing_html.hpp"
#include "digest/sources/readers/oai.hpp"

using namespace broadsheet;

namespace {

template <class Page>
void check(const Result<Page>& page) {
  if (!page) {
    if (page.error().what().empty()) std::abort();
    return;
  }
  for (const auto& paper : page->papers)
    if (paper.id.empty() || paper.title_raw.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      check(sources::read_api(input));
      break;
    case 1:
      check(sources::read_feed(input));
      break;
    case 2:
      check(sources::read_oai(input));
      break;
    case 3:
      check(sources::read_listing_html(input));
      break;
    default:
      if (auto paper = sources::read_jsonl_line(input); paper && paper->id.empty()) std::abort();
  }
  return 0;
}
