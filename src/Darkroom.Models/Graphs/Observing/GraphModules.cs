namespace Darkroom.Models.Graphs.Observing;

/// <summary>What the modules of a network give, as values of its graph: blocks, resnets, transformers and their blocks, attention, changes of size.</summary>
internal sealed class GraphModules
{
    private static readonly HashSet<string> Lists = ["resnets", "attentions", "downsamplers", "upsamplers", "layers"];
    private static readonly HashSet<string> Singles = ["mid_block", "conv_in", "attn1", "attn2", "attn"];

    /// <summary>Modules that add what they made to what they were given, as their last act.</summary>
    private static readonly HashSet<string> Residual = ["resnets", "attentions", "transformer_blocks", "single_transformer_blocks", "joint_transformer_blocks"];

    private readonly Dataflow flow;
    private readonly GraphScopes scopes;
    private readonly GraphSources sources;
    private readonly OrderedDictionary<string, string> values = new(StringComparer.Ordinal);

    public GraphModules(OnnxModel model, Dataflow flow, GraphScopes scopes, GraphSources sources)
    {
        (this.flow, this.scopes, this.sources) = (flow, scopes, sources);
        var ends = new OrderedDictionary<string, OnnxNode>(StringComparer.Ordinal);
        foreach (var node in model.Nodes)
        {
            if (node.Outputs.Count == 0 || !sources.IsComputed(node.Outputs[0])) continue;
            foreach (string module in ModulesOf(scopes.Of(node))) ends[module] = node;
        }
        foreach (var (module, end) in ends) values[module] = Behind(module, end);
        // A block gives what the last of its modules does.
        foreach (string module in ends.Keys)
            if (ends.Keys.LastOrDefault(other => other.StartsWith(module + ".", StringComparison.Ordinal) && ends[other] == ends[module]) is { } last)
                values[module] = values[last];
    }

    /// <summary>By name, in the order of the graph.</summary>
    public IReadOnlyDictionary<string, string> Values => values;

    /// <summary>The modules that a node lies in, from the outside in, as far as people ask for them.</summary>
    public static IEnumerable<string> ModulesOf(string scope)
    {
        string[] parts = scope.Split('.');
        for (int i = 0; i < parts.Length; i++)
        {
            bool numbered = i > 0 && IsNumber(parts[i]) && (Lists.Contains(parts[i - 1]) || parts[i - 1].EndsWith("blocks", StringComparison.Ordinal));
            if (numbered || Singles.Contains(parts[i])) yield return string.Join('.', parts.Take(i + 1));
        }
    }

    /// <summary>The value behind a module's last node of a known name: the sum with what the module was given, where nodes of sums have no name.</summary>
    private string Behind(string module, OnnxNode end)
    {
        string value = end.Outputs[0];
        if (!Adds(module) || IsSum(end)) return value;
        string at = value;
        for (int hops = 0; hops < 8; hops++)
        {
            var takers = flow.TakersOf(at).Where(taker => !taker.Is("Shape")).ToArray();
            if (takers is not [var only] || scopes.Of(only).Length > 0) return value;
            at = only.Outputs[0];
            if (IsSum(only)) return at;
            if (!(only.Is("Reshape") || only.Is("Transpose") || only.Is("Mul") || only.Is("Cast"))) return value;
        }
        return value;
    }

    private bool IsSum(OnnxNode node) => node.Is("Add") && node.Inputs.TrueForAll(sources.IsComputed);

    private static bool Adds(string module)
    {
        string[] parts = module.Split('.');
        return parts.Length >= 2 && Residual.Contains(parts[^2]);
    }

    private static bool IsNumber(string part) => part.Length > 0 && part.All(char.IsAsciiDigit);
}
