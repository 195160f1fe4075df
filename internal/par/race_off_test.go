//go:build !race

package par

const raceDetector = false
