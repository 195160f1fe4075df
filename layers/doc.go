// Package layers builds whole networks from convolutions, pooling, fully connected layers and what
// lies between, and runs them.
//
// A network is a value: layers in a Sequential, with Residual and Parallel for branches, or any
// directed acyclic graph of them in a Graph. Compile infers every shape from the input's, folds batch
// normalisation into the convolution before it, fuses activations and residual additions into what
// computes their input, and gives all intermediate maps a place in one block of memory. The Model that
// comes out is immutable; any number of goroutines may run it, each with a Session of its own, and a
// pass allocates nothing.
//
// Inside a model all maps lie in NHWC; the caller's inputs and outputs are NCHW unless Options says
// otherwise. Errors name the layer, the argument, its value and what is allowed.
package layers
