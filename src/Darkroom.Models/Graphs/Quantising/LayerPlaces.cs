namespace Darkroom.Models.Graphs.Quantising;

/// <summary>Which layers of a network stand at its ends, and which see a row's vectors alone: the timestep, a pooled text.</summary>
internal sealed class LayerPlaces
{
    private readonly HashSet<OnnxNode> ends = [];
    private readonly HashSet<OnnxNode> ofVectors = [];

    /// <param name="model">The graph; its nodes are in an order in which they can be computed.</param>
    /// <param name="layers">Those with a weight.</param>
    public LayerPlaces(OnnxModel model, IReadOnlySet<OnnxNode> layers)
    {
        // Inputs that a value depends on, and those that come to it through no layer.
        var from = new Dictionary<string, ulong>(StringComparer.Ordinal);
        var directly = new Dictionary<string, ulong>(StringComparer.Ordinal);
        ulong vectors = 0;
        foreach (var (i, port) in model.Inputs.Take(64).Index())
        {
            from[port.Name] = directly[port.Name] = 1UL << i;
            if (port.Axes is { Count: <= 2 }) vectors |= 1UL << i;
        }
        bool hasMore = model.Inputs.Exists(port => port.Axes is not { Count: <= 2 });
        var takers = new Dictionary<ulong, List<OnnxNode>>();
        foreach (var node in model.Nodes)
        {
            ulong all = 0, direct = 0;
            foreach (string input in node.Inputs)
            {
                all |= from.GetValueOrDefault(input);
                direct |= directly.GetValueOrDefault(input);
            }
            bool isLayer = layers.Contains(node);
            if (isLayer)
            {
                if (hasMore && all != 0 && (all & ~vectors) == 0) ofVectors.Add(node);
                for (ulong bits = direct; bits != 0; bits &= bits - 1)
                {
                    ulong bit = bits & (~bits + 1);
                    if (!takers.TryGetValue(bit, out var list)) takers[bit] = list = [];
                    list.Add(node);
                }
            }
            foreach (string output in node.Outputs)
            {
                from[output] = all;
                directly[output] = isLayer || node.Is("Shape") ? 0 : direct;
            }
        }
        foreach (var list in takers.Values)
            if (list is [var only]) ends.Add(only);
        if (LastOf(model, layers) is [var last]) ends.Add(last);
    }

    /// <summary>Whether it is the only layer that an input goes into, or an output comes from.</summary>
    public bool IsEnd(OnnxNode layer) => ends.Contains(layer);

    /// <summary>Whether it sees no picture and no text, but vectors of the whole row.</summary>
    public bool SeesVectors(OnnxNode layer) => ofVectors.Contains(layer);

    private static List<OnnxNode> LastOf(OnnxModel model, IReadOnlySet<OnnxNode> layers)
    {
        var makers = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        foreach (var node in model.Nodes)
            foreach (string output in node.Outputs) makers[output] = node;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(model.Outputs.Select(port => port.Name));
        List<OnnxNode> last = [];
        while (open.TryPop(out string? value))
        {
            if (!seen.Add(value) || !makers.TryGetValue(value, out var maker) || maker.Is("Shape")) continue;
            if (layers.Contains(maker)) last.Add(maker);
            else foreach (string input in maker.Inputs) open.Push(input);
        }
        return [.. last.Distinct()];
    }
}
