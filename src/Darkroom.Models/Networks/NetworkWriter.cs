using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks;

/// <summary>Writes one network's graph for given weights. Weights that do not fit are faults; writing goes on, so that all of them are named at once.</summary>
/// <param name="target">What the graph is for.</param>
/// <param name="weights">By the names of the network's modules.</param>
/// <param name="faults">Receives what is wrong with them.</param>
/// <param name="file">Where they come from, as faults name it.</param>
internal sealed class NetworkWriter(GraphTarget target, IWeights weights, FaultList faults, string file)
{
    private readonly Dictionary<string, IReadOnlyList<long>> needed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<long>> leftOut = new(StringComparer.Ordinal);
    private bool faulty;

    public GraphWriter Graph { get; } = new(target);

    /// <summary>The network itself: what all modules lie in.</summary>
    public Module Root => new(this, "");

    /// <summary>
    /// The weights that were asked for, and their shapes. What a checkpoint has beyond these is used by nobody: a sign that it holds another network.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Needed => needed;

    /// <summary>Weights that files of the network have, and no answer depends on: a LoRA may have layers for them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> LeftOut => leftOut;

    /// <summary>The graph; null where the weights do not fit.</summary>
    /// <param name="part">The part of a model that it is.</param>
    public WrittenGraph? Finish(string part) => faulty ? null : Graph.Write(part);

    /// <summary>Whether there is a weight, for networks that can do without.</summary>
    public bool Has(string name) => weights.Find(name) is not null;

    /// <summary>Notes a weight that no answer depends on.</summary>
    public void LeaveOut(string name, params ReadOnlySpan<long> sides) => leftOut[name] = sides.ToArray();

    /// <summary>A weight of the shape that the network needs.</summary>
    public GraphValue Weight(string name, params ReadOnlySpan<long> sides) =>
        Find(name, sides) is { } tensor ? Graph.Weight(name, tensor) : Graph.Number(0);

    /// <summary>Rows <paramref name="first"/> to before <paramref name="first"/> + <paramref name="count"/> of a weight.</summary>
    public GraphValue WeightRows(string name, long first, long count, params ReadOnlySpan<long> sides) =>
        Find(name, sides) is { } tensor ? Graph.Weight(name, tensor.Rows(first, count)) : Graph.Number(0);

    /// <summary>A table of which a call needs a few rows alone, as it is stored.</summary>
    public GraphValue Table(string name, params ReadOnlySpan<long> sides) =>
        Find(name, sides) is { } tensor ? Graph.StoredWeight(name, tensor) : Graph.Number(0);

    /// <summary>The weight in the shape asked for: a matrix may be stored as a convolution of 1 × 1, and the other way round.</summary>
    private StoredTensor? Find(string name, ReadOnlySpan<long> sides)
    {
        needed[name] = sides.ToArray();
        if (weights.Find(name) is not { } tensor)
        {
            Fault($"weight '{name}' is missing; {StoredTensor.TextOf(sides.ToArray())} is needed");
            return null;
        }
        if (!tensor.Type.IsFloat())
        {
            Fault($"weight {NameOf(tensor, name)} is of type {tensor.Type} where floating point is needed");
            return null;
        }
        if (tensor.HasShape(sides)) return tensor;
        if (!tensor.Transposed && SameButForOnes(tensor.Shape, sides)) return tensor.Reshape(sides.ToArray());
        Fault($"weight {NameOf(tensor, name)} is {StoredTensor.TextOf(tensor.Shape)} where {StoredTensor.TextOf(sides.ToArray())} is needed");
        return null;
    }

    private void Fault(string reason)
    {
        faulty = true;
        faults.Add(file, reason);
    }

    /// <summary>Both names where they differ: people know the one in their file, the other says where the network has it.</summary>
    private static string NameOf(StoredTensor tensor, string name) => tensor.Name == name ? $"'{name}'" : $"'{tensor.Name}' ({name})";

    private static bool SameButForOnes(IReadOnlyList<long> one, ReadOnlySpan<long> other)
    {
        long[] left = [.. one.Where(side => side != 1)], right = [.. other.ToArray().Where(side => side != 1)];
        return left.AsSpan().SequenceEqual(right);
    }
}
