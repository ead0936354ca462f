package web

import "time"

// SetSearchTime sets how long the history is searched for one page.
func (s *Server) SetSearchTime(d time.Duration) { s.searchTime = d }
