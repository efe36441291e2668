namespace Darkroom.Models.Graphs.Observing;

/// <summary>Which inputs each value of a graph is made of. Shapes do not count: who asks for a value's shape does not see the value.</summary>
internal sealed class GraphSources
{
    [Flags]
    public enum Source { None = 0, Picture = 1, Text = 2, Other = 4 }

    public const string TextInput = "encoder_hidden_states";

    private readonly Dictionary<string, Source> values = new(StringComparer.Ordinal);

    /// <param name="model">Nodes stand in the order in which they are computed, as ONNX asks.</param>
    /// <param name="picture">The input for latents.</param>
    public GraphSources(OnnxModel model, string picture)
    {
        var stored = model.Tensors.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var input in model.Inputs)
            if (!stored.Contains(input.Name)) // files of before 2018 list their weights too
                values[input.Name] = input.Name == picture ? Source.Picture : input.Name == TextInput ? Source.Text : Source.Other;
        foreach (var node in model.Nodes)
        {
            var sources = Source.None;
            if (!node.Is("Shape") && !node.Is("Size"))
                foreach (string input in node.Inputs) sources |= Of(input);
            foreach (string output in node.Outputs) values[output] = sources;
        }
    }

    public Source Of(string value) => values.GetValueOrDefault(value);

    /// <summary>Whether it is made of what a call is given, and not of weights alone.</summary>
    public bool IsComputed(string value) => Of(value) != Source.None;
}
