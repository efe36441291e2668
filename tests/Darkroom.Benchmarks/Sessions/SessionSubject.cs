using Darkroom.Models.Sessions;
using Darkroom.TestKit;
using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Benchmarks.Sessions;

/// <summary>A graph that is measured, with the sizes of its free axes.</summary>
/// <param name="Path">Of the ONNX file.</param>
/// <param name="Side">Height and width of its latents or pixels.</param>
/// <param name="Tokens">Length of a text.</param>
/// <param name="Rows">Batch sizes that are measured.</param>
internal sealed record SessionSubject(string Name, string Path, int Side, int Tokens, IReadOnlyList<int> Rows)
{
    public static IReadOnlyList<SessionSubject> All { get; } =
    [
        new("starter U-Net, 8 x 8 latents", System.IO.Path.Combine(Repository.Root, "models", "starter", "unet", "model.onnx"), 8, 32, [1, 2, 8, 16]),
        new("random U-Net of Stable Diffusion's form, 32 x 32 latents",
            System.IO.Path.Combine(Repository.Root, "tests", "conformance", "pipelines", "sd15-tiny", "onnx-timestep-batch", "unet", "model.onnx"), 32, 77,
            [1, 2, 8]),
        new("upscaler, tile of 64 x 64", System.IO.Path.Combine(Repository.Root, "models", "upscalers", "realesr-animevideov3-x4.onnx"), 64, 1, [1, 2]),
    ];

    /// <summary>Full shapes of a session's inputs for a number of rows.</summary>
    public IReadOnlyList<(GraphPort Port, long[] Shape)> InputsOf(InferenceSession session, int rows) =>
    [
        .. session.InputNames.Select(name => GraphPort.Of(name, session.InputMetadata[name]))
            .Select(port => (port, port.Shape.Select((side, axis) => side >= 0 ? side : Free(port, axis, rows)).ToArray())),
    ];

    /// <summary>Names of the free axes and what they are fixed to.</summary>
    public IEnumerable<(string Axis, long Side)> AxesOf(InferenceSession session, int rows) => InputsOf(session, rows)
        .SelectMany(input => input.Port.Axes.Zip(input.Port.Shape, input.Shape).Where(axis => axis.Second < 0 && axis.First.Length > 0)
            .Select(axis => (axis.First, axis.Third))).Distinct();

    private long Free(GraphPort port, int axis, int rows) => (port.Rank, axis) switch
    {
        (_, 0) => rows,
        (4, 2 or 3) => Side,
        (3, 1) => Tokens,
        _ => throw new InvalidOperationException($"What is axis {axis} of '{port.Name}'?"),
    };
}
