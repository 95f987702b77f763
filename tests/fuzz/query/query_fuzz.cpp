// Any bytes give a query or a sentence; a query can always be told, translated and asked of a paper.
#include "bot/store/query_index.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace broadsheet;
  auto query = store::parse_query({reinterpret_cast<const char*>(data), size});
  if (!query) return query.error().what().empty() ? __builtin_trap(), 0 : 0;
  Paper paper;
  paper.title = "Sparse attention";
  (void)store::matches(*query, paper);
  auto asked = store::for_index(*query);
  (void)store::wanted_expression(asked);
  (void)store::refused_expression(asked);
  for (const auto& wider : store::loosened(*query)) {
    auto again = store::parse_query(store::to_text(wider));
    if (!again) __builtin_trap();
  }
  if (store::describe(*query).empty()) __builtin_trap();
  return 0;
}
