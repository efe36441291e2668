using Darkroom.Models.Checkpoints;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs.Quantising;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families;

/// <summary>Writes the graph of a part whose weights are in files.</summary>
internal static class WrittenPart
{
    /// <summary>What a session's graphs are written for.</summary>
    public static GraphTarget TargetOf(SessionSettings settings) => settings.Device != "cuda" ? GraphTarget.Cpu
        : settings.Precision == WeightPrecision.Float32 ? GraphTarget.Cuda.InFloat32() : GraphTarget.Cuda;

    /// <param name="part">diffusers' name of it.</param>
    /// <param name="weights">Its weights; null where they are gone, or where a fault was added.</param>
    /// <param name="target">What the graph is for.</param>
    /// <param name="write">Writes it; null where a fault was added.</param>
    /// <param name="faults">What is wrong so far, and receives what else is.</param>
    /// <param name="network">What wrote it: it knows the weights that it uses.</param>
    /// <exception cref="GraphException">The weights do not fit.</exception>
    public static WrittenGraph Of(
        string part, PartWeights? weights, GraphTarget target, Func<NetworkWriter, WrittenGraph?> write, FaultList faults,
        out NetworkWriter network)
    {
        network = weights is null ? null! : new NetworkWriter(target, weights.Weights, faults, weights.Name);
        var graph = weights is null ? null : write(network);
        if (graph is null || faults.Any) throw new GraphException(faults.ToString() ?? $"{part}: its weights are gone");
        return graph;
    }
}
