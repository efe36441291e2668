using System.Text.RegularExpressions;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Graphs;

/// <summary>
/// The weights of an exported graph's layers, by the names of the modules that they were exported from. A convolution's weight keeps its name; a matrix that is
/// multiplied by is stored the other way round under a number, and the node's own name tells whose it is.
/// </summary>
internal sealed partial class GraphLayers
{
    private const string WeightEnd = ".weight", BiasEnd = ".bias", Text = "text_model.";

    /// <summary>The first modules of networks, before which an exporter's own wrapper may stand: the first of these that a graph has counts.</summary>
    private static readonly string[] Roots = ["down_blocks.", Text, "transformer_blocks.", "encoder."];

    private readonly OnnxModel model;
    private readonly Dataflow flow;
    private readonly Dictionary<string, List<Use>> uses = new(StringComparer.Ordinal);

    private GraphLayers(OnnxModel model)
    {
        this.model = model;
        flow = new Dataflow(model);
    }

    /// <summary>Finds what can be told apart; the values are not read.</summary>
    public static GraphLayers Of(OnnxModel model)
    {
        var layers = new GraphLayers(model);
        foreach (var node in model.Nodes)
        {
            if (node.Is("MatMul") || node.Is("Gemm") || node.Is("Conv")) layers.Add(node, 1, layers.NameOf(node, 1, WeightEnd));
            if (node.Is("Gemm") || node.Is("Conv")) layers.Add(node, 2, layers.NameOf(node, 2, BiasEnd));
            for (int input = 0; node.Is("Add") && input < node.Inputs.Count; input++)
                if (node.Inputs[input].EndsWith(BiasEnd, StringComparison.Ordinal)) layers.Add(node, input, node.Inputs[input]);
        }
        return layers.WithoutWrapper();
    }

    /// <summary>Shapes of the weights and biases, as torch has them: [out, in], [out, in, kernel, kernel], [out].</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes =>
        uses.ToDictionary(weight => weight.Key, weight => weight.Value[0].Tensor.Shape, StringComparer.Ordinal);

    /// <summary>Has the graph compute with weights that are changed as they are read.</summary>
    /// <param name="change">Given a name and where the weight lies, as torch has it; gives the same, or one with changes.</param>
    public void Change(Func<string, StoredTensor, StoredTensor> change)
    {
        foreach (var (name, places) in uses)
        {
            foreach (var (at, use) in places.Index())
            {
                var changed = change(name, use.Tensor);
                if (changed.Changes is []) continue;
                string own = $"darkroom.{name}.{at}";
                var weight = new PlacedWeight(changed, use.Element, own);
                model.Weights.Add(weight);
                // Said to be in the graph's own file; what opens the model hands over the memory before anybody looks there.
                model.Tensors.Add(OnnxTensor.InFile(own, weight.Element, weight.Sides, Path.GetFileName(model.Path), 0, weight.Bytes));
                use.Node.Inputs[use.Input] = changed.Transposed == use.TakesTransposed ? own : Turned(use.Node, own);
            }
        }
    }

    private string Turned(OnnxNode before, string value)
    {
        string turned = value + ".turned";
        model.Nodes.Insert(model.Nodes.IndexOf(before), new OnnxNode("Transpose", turned, [value], [turned]).Set("perm", [1, 0]));
        return turned;
    }

    private void Add(OnnxNode node, int input, string? name)
    {
        if (name is null || Resolve(node, input) is not { } use) return;
        if (!uses.TryGetValue(name, out var list)) uses[name] = list = [];
        // A module that is called twice has one weight, or copies of it.
        if (list.Count == 0 || list[0].Tensor.Shape.SequenceEqual(use.Tensor.Shape)) list.Add(use);
    }

    /// <summary>The module's name of what a node takes: the value's own where the exporter kept it, else the node's place among the modules.</summary>
    private string? NameOf(OnnxNode node, int input, string end)
    {
        if (node.Inputs.Count <= input) return null;
        for (string? value = node.Inputs[input]; value is { Length: > 0 };)
        {
            if (value.EndsWith(end, StringComparison.Ordinal)) return value;
            value = flow.MakerOf(value) is { } maker && (maker.Is("Identity") || maker.Is("Cast") || maker.Is("Transpose")) ? maker.Inputs[0] : null;
        }
        return ModulePath().Match(node.Name) is { Success: true } match && match.Groups["op"].Value == node.OpType
            ? match.Groups["path"].Value.Replace('/', '.') + end : null;
    }

    /// <summary>
    /// The stored tensor behind what a node takes, as torch has it; null where it is computed, or stored in another way than can be changed here.
    /// </summary>
    private Use? Resolve(OnnxNode node, int input)
    {
        string value = node.Inputs[input];
        bool turned = false;
        int? element = null;
        OnnxTensor? tensor;
        while ((tensor = flow.StoredOf(value)) is null)
        {
            if (flow.MakerOf(value) is not { } maker) return null;
            if (maker.Is("Transpose") && (maker.Integers("perm") ?? [1, 0]) is [1, 0]) turned = !turned;
            else if (maker.Is("Cast")) element ??= (int?)maker.Integer("to");
            else if (!maker.Is("Identity")) return null;
            value = maker.Inputs[0];
        }
        if (TypeOf(tensor.ElementType) is not { } type || tensor.Place is not { } place) return null;
        int computed = element ?? OnnxElement.Of(type);
        if (computed is not (OnnxElement.Float or OnnxElement.Float16)) return null;
        // Torch multiplies by the transpose of what it stores: [in, out], which Gemm may be told to turn itself.
        bool takesTransposed = input == 1 && (node.Is("MatMul") || (node.Is("Gemm") && node.Integer("transB") is not 1));
        if (tensor.Count == 0 || (turned || takesTransposed ? tensor.Shape.Count != 2 : tensor.Shape.Count is 0 or 3)) return null;
        string folder = Path.GetDirectoryName(Path.GetFullPath(model.Path))!;
        var stored = new StoredTensor(Path.Combine(folder, place.Location), tensor.Name, type, tensor.Shape, place.Offset);
        if (place.Length != 0 && place.Length != stored.Bytes) return null;
        return new(node, input, takesTransposed != turned ? stored.Transpose() : stored, computed, takesTransposed);
    }

    /// <summary>Exporters that are given a module of their own around the network put its name before all others.</summary>
    private GraphLayers WithoutWrapper()
    {
        string wrapper = Roots.Select(root => uses.Keys.Select(name => WrapperOf(name, root)).OfType<string>().MinBy(before => before.Length))
            .FirstOrDefault(found => found is not null) ?? "";
        foreach (var (name, list) in uses.ToArray())
        {
            string own = name.StartsWith(wrapper, StringComparison.Ordinal) ? name[wrapper.Length..] : name;
            // Newer transformers have no text_model; LoRAs name layers as if they had.
            if (own.StartsWith("encoder.layers.", StringComparison.Ordinal)) own = Text + own;
            if (own == name) continue;
            uses.Remove(name);
            uses.TryAdd(own, list);
        }
        return this;
    }

    private static string? WrapperOf(string name, string root) =>
        name.StartsWith(root, StringComparison.Ordinal) ? "" : name.IndexOf('.' + root, StringComparison.Ordinal) is > 0 and var at ? name[..(at + 1)] : null;

    private static StoredType? TypeOf(long element) => element switch
    {
        OnnxElement.Float => StoredType.F32,
        OnnxElement.Float16 => StoredType.F16,
        OnnxElement.BFloat16 => StoredType.BF16,
        _ => null,
    };

    [GeneratedRegex(@"^/(?<path>.+)/(?<op>[A-Za-z]+)(_\d+)?$")]
    private static partial Regex ModulePath();

    /// <summary>A place where a weight is taken.</summary>
    /// <param name="Node">What takes it.</param>
    /// <param name="Input">As which input.</param>
    /// <param name="Tensor">As torch has it, wherever it lies.</param>
    /// <param name="Element">What its values are to be.</param>
    /// <param name="TakesTransposed">Whether the node takes it as [in, out].</param>
    private sealed record Use(OnnxNode Node, int Input, StoredTensor Tensor, int Element, bool TakesTransposed);
}
