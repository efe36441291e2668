namespace Darkroom.Models.Graphs;

/// <summary>Who makes each value of a graph and who takes it, and what its constants are.</summary>
internal sealed class Dataflow
{
    private readonly Dictionary<string, OnnxNode> makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OnnxNode>> takers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxTensor> tensors = new(StringComparer.Ordinal);

    public Dataflow(OnnxModel model)
    {
        foreach (var tensor in model.Tensors) tensors[tensor.Name] = tensor;
        foreach (var node in model.Nodes)
        {
            foreach (string output in node.Outputs) makers[output] = node;
            foreach (string input in node.Inputs.Distinct())
            {
                if (!takers.TryGetValue(input, out var list)) takers[input] = list = [];
                list.Add(node);
            }
        }
    }

    /// <summary>The node that makes a value; null for inputs and tensors.</summary>
    public OnnxNode? MakerOf(string value) => makers.GetValueOrDefault(value);

    /// <summary>The nodes that take a value.</summary>
    public IReadOnlyList<OnnxNode> TakersOf(string value) => takers.GetValueOrDefault(value) ?? [];

    /// <summary>A tensor that is stored; null for a value that a node makes, or an input.</summary>
    public OnnxTensor? StoredOf(string value) => tensors.GetValueOrDefault(value);

    /// <summary>A constant, stored or made by a node; null for a value that is computed.</summary>
    public OnnxTensor? ConstantOf(string value) =>
        tensors.TryGetValue(value, out var stored) ? stored
        : MakerOf(value) is { } maker && maker.Is("Constant") ? maker.Tensor("value")
        : null;

    /// <summary>The whole numbers of a constant, and of a Constant node's short form; null for anything else.</summary>
    public IReadOnlyList<long>? IntegersOf(string value) => ConstantOf(value)?.Integers()
        ?? (MakerOf(value) is { } maker && maker.Is("Constant") ? maker.Integers("value_ints") : null);

    /// <summary>Whether a value goes into another. Shapes do not count: who asks for a value's shape does not see the value.</summary>
    public bool Reaches(string from, string to)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([to]);
        while (open.TryPop(out string? value))
        {
            if (value == from) return true;
            if (!seen.Add(value) || MakerOf(value) is not { } maker || maker.Is("Shape")) continue;
            foreach (string input in maker.Inputs) open.Push(input);
        }
        return false;
    }
}
