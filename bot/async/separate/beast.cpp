// Beast's compiled part, once for the whole program (design: architecture R21).
#include <boost/beast/src.hpp>
