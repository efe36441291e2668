using System.Globalization;
using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Graphs.Observing;

/// <summary>What of a denoiser's graph can be observed, and the edit that has the graph give it.</summary>
internal sealed class ObservedGraph
{
    private const string Prefix = "darkroom.observed.";
    private const long End = long.MaxValue;

    private readonly OnnxModel model;
    private readonly string picture;
    private readonly GraphSources sources;
    private readonly GraphModules modules;
    private readonly Dictionary<string, OnnxNode> nodes = new(StringComparer.Ordinal);
    private int count;

    /// <param name="model">The denoiser's graph.</param>
    /// <param name="pictures">What its input for latents may be called.</param>
    public ObservedGraph(OnnxModel model, IReadOnlyList<string> pictures)
    {
        this.model = model;
        picture = pictures.FirstOrDefault(name => model.Inputs.Exists(port => port.Name == name)) ?? "";
        var flow = new Dataflow(model);
        var scopes = new GraphScopes(model);
        sources = new GraphSources(model, picture);
        modules = new GraphModules(model, flow, scopes, sources);
        Attention = new CrossAttentions(model, flow, scopes, sources).Find();
        foreach (var node in model.Nodes) nodes.TryAdd(node.Name, node);
    }

    /// <summary>Every attention of the picture to the text, in the order of the graph.</summary>
    public IReadOnlyList<CrossAttention> Attention { get; }

    /// <summary>Names of the layers.</summary>
    public IReadOnlyCollection<string> Layers => [.. modules.Values.Keys];

    /// <summary>Why no word can be found in the picture; null where it can.</summary>
    public string? AttentionReason => Attention.Count > 0 ? null
        : model.Inputs.Exists(port => port.Name == GraphSources.TextInput)
            ? "its picture and its text attend to each other in one attention, or in one that is not recognised in the graph"
            : "its denoiser reads no text";

    /// <summary>Names of the outputs that <see cref="Apply"/> adds, in the order of what was asked.</summary>
    public static string OutputOf(int index) => Prefix + index.ToString(CultureInfo.InvariantCulture);

    public static bool IsObserved(string output) => output.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The value behind a layer's, a node's or its own name; null where the graph computes none of that name.</summary>
    public string? ValueOf(string name) =>
        modules.Values.TryGetValue(name, out string? value) ? value
        : nodes.TryGetValue(name, out var node) && node.Outputs is [var first, ..] && sources.IsComputed(first) ? first
        : sources.IsComputed(name) && !model.Inputs.Exists(port => port.Name == name) ? name
        : null;

    /// <summary>Edits the graph in place: every value asked for becomes an output in float32.</summary>
    public GraphEdit Apply(Observation asked)
    {
        if (FaultOf(asked) is { } fault) return GraphEdit.Impossible(fault);
        if (asked.Attention)
            foreach (var attention in Attention) Give(attention.Probabilities is null ? Computed(attention) : MeanOf(attention.Probabilities));
        foreach (string layer in asked.Layers) Give(ValueOf(layer)!);
        return GraphEdit.Done;
    }

    /// <summary>Why something cannot be observed; null where it can.</summary>
    public string? FaultOf(Observation asked) =>
        asked.Attention && AttentionReason is { } reason ? reason
        : asked.Layers.FirstOrDefault(layer => ValueOf(layer) is null) is { } unknown ? $"it has no layer '{unknown}'{Nearest(unknown)}"
        : null;

    /// <summary>The few layers whose names are most like one that there is not.</summary>
    private string Nearest(string name)
    {
        string[] near = [.. LayerNames.Nearest(name, modules.Values.Keys, 3)];
        return near.Length == 0 ? "" : $"; it has '{string.Join("', '", near)}'";
    }

    /// <summary>The mean over the heads, whichever way they are laid out, [B, S, T].</summary>
    private string MeanOf(string probabilities)
    {
        string rows = Slice(Add("Shape", [picture]), 0, 1), sides = Slice(Add("Shape", [probabilities]), -2, End);
        string sizes = Add("Concat", [rows, Integers([-1]), sides], node => node.Set("axis", 0));
        string heads = Add("Reshape", [ToFloat(probabilities), sizes]); // [B, heads, S, T]
        return Mean(heads);
    }

    /// <summary>softmax(Q · Kᵀ / √d) once more beside the operator that keeps it to itself, and its mean over the heads, [B, S, T].</summary>
    private string Computed(CrossAttention attention)
    {
        string heads = Integers([0, 0, attention.Heads, -1]);
        string query = Add("Reshape", [ToFloat(attention.Query), heads]), key = Add("Reshape", [ToFloat(attention.Key), heads]); // [B, S, heads, d]
        string width = Add("Sqrt", [ToFloat(Slice(Add("Shape", [query]), -1, End))]);
        string products = Add("MatMul",
            [Add("Transpose", [query], node => node.Set("perm", [0, 2, 1, 3])), Add("Transpose", [key], node => node.Set("perm", [0, 2, 3, 1]))]);
        return Mean(Add("Softmax", [Add("Div", [products, width])], node => node.Set("axis", -1))); // [B, heads, S, T]
    }

    private string Mean(string heads) => model.Opset < 18
        ? Add("ReduceMean", [heads], node => node.Set("axes", [1]).Set("keepdims", 0))
        : Add("ReduceMean", [heads, Integers([1])], node => node.Set("keepdims", 0));

    private string Slice(string sizes, long first, long end) => Add("Slice", [sizes, Integers([first]), Integers([end])]);

    private string ToFloat(string value) => Add("Cast", [value], node => node.Set("to", OnnxElement.Float));

    /// <summary>A node of its own gives it: one that changes the graph's layout or arithmetic leaves outputs of named values as they are.</summary>
    private void Give(string value)
    {
        string output = OutputOf(count++);
        model.Nodes.Add(new OnnxNode("Cast", output, [value], [output]).Set("to", OnnxElement.Float));
        model.Outputs.Add(OnnxPort.Untyped(output, OnnxElement.Float));
    }

    private string Add(string opType, IReadOnlyList<string> inputs, Action<OnnxNode>? attributes = null)
    {
        string name = $"darkroom.observe.{model.Nodes.Count}";
        var node = new OnnxNode(opType, name, inputs, [name]);
        attributes?.Invoke(node);
        model.Nodes.Add(node);
        return name;
    }

    private string Integers(IReadOnlyList<long> values)
    {
        string name = $"darkroom.observe.{string.Join(',', values)}";
        if (!model.Tensors.Exists(tensor => tensor.Name == name)) model.Tensors.Add(OnnxTensor.Of(name, values));
        return name;
    }
}
