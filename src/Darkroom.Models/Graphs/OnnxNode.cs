namespace Darkroom.Models.Graphs;

/// <summary>A node of a graph: the parts that edits look at; the rest stays as it was.</summary>
internal sealed class OnnxNode
{
    // Field numbers of NodeProto, and of AttributeProto inside it.
    private const int Input = 1, Output = 2, NameField = 3, OpTypeField = 4, Attribute = 5, DomainField = 7;
    private const int AttributeName = 1, AttributeFloat = 2, AttributeInt = 3, AttributeText = 4, AttributeTensor = 5, AttributeInts = 8, AttributeType = 20;

    // What AttributeType says.
    private const int Float = 1, Int = 2, Text = 3, Ints = 7;

    private readonly WireMessage rest;

    public OnnxNode(byte[] bytes)
    {
        rest = WireMessage.Parse(bytes);
        Inputs = [.. rest.Texts(Input)];
        Outputs = [.. rest.Texts(Output)];
        Name = rest.Text(NameField);
        OpType = rest.Text(OpTypeField);
        Domain = rest.Text(DomainField);
        rest.Fields.RemoveAll(field => field.Number is Input or Output or NameField or OpTypeField or DomainField);
    }

    public OnnxNode(string opType, string name, IEnumerable<string> inputs, IEnumerable<string> outputs, string domain = "")
    {
        rest = new WireMessage();
        (OpType, Name, Domain) = (opType, name, domain);
        Inputs.AddRange(inputs);
        Outputs.AddRange(outputs);
    }

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public string Name { get; set; }

    public string OpType { get; private set; }

    /// <summary>Empty for ONNX's own operators.</summary>
    public string Domain { get; }

    /// <summary>Whether it is this operator of ONNX itself.</summary>
    public bool Is(string opType) => OpType == opType && Domain is "" or "ai.onnx";

    public OnnxNode Copy() => new(ToArray());

    /// <summary>Lets the first input through as it is: takes the node out without renaming anything.</summary>
    public void MakeIdentity()
    {
        OpType = "Identity";
        Inputs.RemoveRange(1, Inputs.Count - 1);
        rest.Remove(Attribute);
    }

    /// <summary>The attribute; null where the node has none of the name.</summary>
    public WireMessage? Find(string name) => rest.Messages(Attribute).FirstOrDefault(attribute => attribute.Text(AttributeName) == name);

    /// <summary>An attribute of whole numbers; null where there is none.</summary>
    public IReadOnlyList<long>? Integers(string name) => Find(name)?.Numbers(AttributeInts);

    /// <summary>An attribute of one whole number; null where there is none.</summary>
    public long? Integer(string name) => Find(name)?.Number(AttributeInt);

    /// <summary>An attribute of text; empty where there is none.</summary>
    public string TextOf(string name) => Find(name)?.Text(AttributeText) ?? "";

    /// <summary>A constant's tensor; null where the node has none.</summary>
    public OnnxTensor? Tensor(string name) => Find(name)?.Messages(AttributeTensor).FirstOrDefault() is { } tensor ? new OnnxTensor(tensor) : null;

    public OnnxNode Set(string name, IReadOnlyList<long> numbers)
    {
        var attribute = new WireMessage().Add(AttributeName, name);
        foreach (long number in numbers) attribute.Add(AttributeInts, number);
        return Set(name, attribute, Ints);
    }

    public OnnxNode Set(string name, long number) => Set(name, new WireMessage().Add(AttributeName, name).Add(AttributeInt, number), Int);

    public OnnxNode Set(string name, float number) => Set(name, new WireMessage().Add(AttributeName, name).Add(AttributeFloat, number), Float);

    public OnnxNode Set(string name, string text) => Set(name, new WireMessage().Add(AttributeName, name).Add(AttributeText, text), Text);

    public byte[] ToArray()
    {
        var message = new WireMessage();
        foreach (string input in Inputs) message.Add(Input, input);
        foreach (string output in Outputs) message.Add(Output, output);
        message.Add(NameField, Name).Add(OpTypeField, OpType);
        if (Domain.Length > 0) message.Add(DomainField, Domain);
        message.Fields.AddRange(rest.Fields);
        return message.ToArray();
    }

    private OnnxNode Set(string name, WireMessage attribute, int type)
    {
        rest.Fields.RemoveAll(field => field.Number == Attribute && WireMessage.Parse(field.Bytes.ToArray()).Text(AttributeName) == name);
        rest.Add(Attribute, attribute.Add(AttributeType, type));
        return this;
    }
}
