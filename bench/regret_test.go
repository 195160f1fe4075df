package main

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/shapes"
	"github.com/simdnn/simdnn/tensor"
)

// TestRegretCases has the sample: the same every time, large enough, of all kinds.
func TestRegretCases(t *testing.T) {
	for _, s := range regretBuiltIn {
		_, err := shapes.ParseConv(s)
		require.NoError(t, err)
	}
	if _, _, err := cases.Find(); err != nil {
		list, from, err := regretCases()
		require.NoError(t, err)
		require.Len(t, list, len(regretBuiltIn))
		require.Contains(t, from, "built in")
		cases.Dir(t, "shapes") // is not there: the rest is skipped
	}
	list, _, err := regretCases()
	require.NoError(t, err)
	again, _, err := regretCases()
	require.NoError(t, err)
	require.Equal(t, list, again)
	require.GreaterOrEqual(t, len(list), 300)
	classes, layouts, names := map[string]int{}, map[tensor.Layout]int{}, map[string]bool{}
	for _, c := range list {
		classes[c.class]++
		layouts[c.Layout]++
		require.False(t, names[c.name()], c.name())
		names[c.name()] = true
	}
	require.Len(t, classes, len(regretClasses))
	require.Greater(t, layouts[tensor.NCHW], len(list)/3)
	require.Greater(t, layouts[tensor.NHWC], len(list)/3)
}

func TestReadConvs(t *testing.T) {
	const head = "name,n,ic,ih,iw,oc,oh,ow,kh,kw,sh,sw,ph,pw,dh,dw,groups,source,pb,pr\n"
	list, err := readConvs(strings.NewReader(head + "a,2,8,9,10,16,4,6,3,2,2,1,1,0,1,3,4,x,-1,0\n"))
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "conv n1c8h9w10 k16r3s2 s2x1 d1x3 p1,0,0,0 g4", list[0].String())
	for _, bad := range []string{"", "name,n\na,1\n", head + "a,2,8,9,10,16,4,6,3,x,2,1,1,0,1,3,4,x,-1,0\n"} {
		_, err := readConvs(strings.NewReader(bad))
		require.Error(t, err)
	}
}

// TestRegretMeter measures a problem of two layouts, and finds a result that is wrong.
func TestRegretMeter(t *testing.T) {
	set, err := asm.Kernels()
	require.NoError(t, err)
	m := &regretMeter{set: set, time: time.Millisecond, neighbours: make(map[string]float64)}
	for _, s := range []string{"conv n1c8h9w30 k6r3s2 s2x3 d1x2 p1 g2", "conv n1c8h9w30 k6r3s2 s2x3 d1x2 p1 NHWC"} {
		q, err := shapes.ParseConv(s)
		require.NoError(t, err)
		r, err := m.run(regretCase{Conv: q, threads: 1})
		require.NoError(t, err)
		require.GreaterOrEqual(t, r.regret(), 1.0)
		require.Contains(t, r.line(), s)
		var b strings.Builder
		writeRegrets(&b, []*regretResult{r})
		require.Contains(t, b.String(), "1 problems")
		p, err := newRegretPlan(&q, "direct", set, 1)
		require.NoError(t, err)
		require.NoError(t, p.measure())
		require.False(t, math.IsInf(p.best, 0))
		require.NoError(t, p.check(&q))
		p.y[len(p.y)-1] += 1e-3
		require.Error(t, p.check(&q))
	}
}
