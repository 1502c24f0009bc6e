module custody.example/bundlecheck

go 1.25.0

require (
	github.com/gowebpki/jcs v1.0.1
	golang.org/x/mod v0.36.0
)
