using Darkroom.Models.Pool;

namespace Darkroom.Benchmarks.Real;

/// <summary>One way to run a model.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Precision">What the model's card asks the server for; null: nothing.</param>
/// <param name="IsPlain">Whether it is not the server at all, but ONNX Runtime as it comes, with an exporter's graphs.</param>
internal sealed record Contestant(string Name, string? Precision = null, bool IsPlain = false)
{
    /// <summary>What all others are compared with.</summary>
    public static Contestant Plain { get; } = new("plain ONNX Runtime", IsPlain: true);

    /// <summary>Another precision of the server's is a line here.</summary>
    public static IReadOnlyList<Contestant> All { get; } = [Plain, new("Darkroom"), new("Darkroom, int8", Precision: "int8")];

    public static Contestant Find(string name) => All.Single(one => one.Name == name);

    /// <summary>Why the program cannot run it; null where it can: a card with a precision that it does not know is a fault.</summary>
    public string? ReasonAgainst(RealFiles files) => IsPlain ? null : ModelFolder.Read(files.CheckpointOf(this)).Fault;
}
