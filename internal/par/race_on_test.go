//go:build race

package par

const raceDetector = true
