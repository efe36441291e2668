namespace Darkroom.Models.Graphs.Writing;

/// <summary>What a graph is written for: a choice of operators and of arithmetic.</summary>
/// <param name="Opset">Version of ONNX's own operators.</param>
/// <param name="Arithmetic">What is computed with, <see cref="OnnxElement"/>'s number. Inputs and outputs are float32 all the same.</param>
/// <param name="PlainAttention">
/// Whether attention over few positions is ONNX's own operator (opset 23) and not ONNX Runtime's, which is made for many.
/// </param>
internal sealed record GraphTarget(int Opset, int Arithmetic, bool PlainAttention)
{
    /// <summary>
    /// From so many positions on ONNX Runtime's attention is faster on a CPU than the plain one (1.1 to 1.25 times), and takes a fraction of its memory:
    /// it never holds all the products of two positions.
    /// </summary>
    public const int ManyPositions = 1024;

    /// <summary>The axes along which convolutions pad with what lies at the other edge; along the others with zeros.</summary>
    public WrapAxes Wraps { get; init; }

    /// <summary>The CPU: float32, whatever the weights are stored as; there are no kernels of ONNX Runtime in anything shorter.</summary>
    public static GraphTarget Cpu { get; } = new(24, OnnxElement.Float, PlainAttention: true);

    /// <summary>CUDA: float16, and ONNX Runtime's attention everywhere.</summary>
    public static GraphTarget Cuda { get; } = new(21, OnnxElement.Float16, PlainAttention: false);

    /// <summary>The same in float32, for networks with values beyond float16.</summary>
    public GraphTarget InFloat32() => this with { Arithmetic = OnnxElement.Float };
}
