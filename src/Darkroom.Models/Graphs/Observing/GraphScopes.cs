namespace Darkroom.Models.Graphs.Observing;

/// <summary>
/// The module that each node of a graph comes from, as torch names modules: <c>down_blocks.0.resnets.1.conv2</c>. Exporters of before 2025 name nodes by
/// them, as graphs that are written here do; later ones number their nodes, and the names of weights tell.
/// </summary>
internal sealed class GraphScopes
{
    private static readonly string[] Wrappers = ["unet.", "transformer.", "model.", "module."], WeightEnds = [".weight", ".bias"];

    private readonly Dictionary<OnnxNode, string> scopes = [];

    public GraphScopes(OnnxModel model)
    {
        foreach (var node in model.Nodes)
            if (NameOf(node) is { } name && Unwrapped(name) is { Length: > 0 } scope)
                scopes[node] = scope;
    }

    /// <summary>The module's name; empty where nothing tells.</summary>
    public string Of(OnnxNode node) => scopes.GetValueOrDefault(node, "");

    private static string? NameOf(OnnxNode node)
    {
        int end = node.Name.LastIndexOf('/');
        if (node.Name.StartsWith('/') && end > 0) return node.Name[1..end].Replace('/', '.');
        // A node that puts a weight together is no part of the network's way.
        if (node.Name.Contains(".weight", StringComparison.Ordinal)) return null;
        foreach (string input in node.Inputs)
            foreach (string weight in WeightEnds)
                if (input.EndsWith(weight, StringComparison.Ordinal) && input.Contains('.', StringComparison.Ordinal))
                    return input[..^weight.Length];
        return null;
    }

    private static string Unwrapped(string name)
    {
        foreach (string wrapper in Wrappers)
            if (name.StartsWith(wrapper, StringComparison.Ordinal))
                return name[wrapper.Length..];
        return name;
    }
}
