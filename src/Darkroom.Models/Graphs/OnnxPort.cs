namespace Darkroom.Models.Graphs;

/// <summary>A graph's input or output, or a note on a value between nodes: its name and type.</summary>
internal sealed class OnnxPort
{
    // Field numbers of ValueInfoProto, TypeProto, its Tensor, TensorShapeProto and its Dimension.
    private const int NameField = 1, Type = 2, TensorType = 1, Element = 1, Shape = 2, Dimension = 1, Size = 1, Parameter = 2;

    private readonly WireMessage message;

    public OnnxPort(byte[] bytes) : this(WireMessage.Parse(bytes)) { }

    private OnnxPort(WireMessage message)
    {
        this.message = message;
        Name = message.Text(NameField);
        var shape = Tensor()?.Messages(Shape).LastOrDefault();
        Axes = shape is null ? null : [.. shape.Messages(Dimension).Select(Axis.Of)];
    }

    /// <summary>One axis: its size, or its name where the size is free, or neither.</summary>
    public readonly record struct Axis(long? Fixed, string Name)
    {
        internal static Axis Of(WireMessage dimension) =>
            new(dimension.Fields.Any(field => field.Number == Size) ? dimension.Number(Size) : null, dimension.Text(Parameter));

        public static implicit operator Axis(string name) => new(null, name);

        public static implicit operator Axis(long size) => new(size, "");
    }

    /// <summary>A port of a graph that is being written.</summary>
    public static OnnxPort Of(string name, long element, params ReadOnlySpan<Axis> axes)
    {
        var shape = new WireMessage();
        foreach (var axis in axes)
            shape.Add(Dimension, axis.Fixed is { } size ? new WireMessage().Add(Size, size) : new WireMessage().Add(Parameter, axis.Name));
        var tensor = new WireMessage().Add(Element, element).Add(Shape, shape);
        return new(new WireMessage().Add(NameField, name).Add(Type, new WireMessage().Add(TensorType, tensor)));
    }

    /// <summary>A port of a graph of whose shape nothing is said.</summary>
    public static OnnxPort Untyped(string name, long element) =>
        new(new WireMessage().Add(NameField, name).Add(Type, new WireMessage().Add(TensorType, new WireMessage().Add(Element, element))));

    public string Name { get; }

    /// <summary>The axes; null where nothing is said of the shape.</summary>
    public IReadOnlyList<Axis>? Axes { get; }

    /// <summary>ONNX's number of the element type.</summary>
    public long ElementType => Tensor()?.Number(Element) ?? 0;

    /// <summary>The same type under another name.</summary>
    public OnnxPort Named(string name) => new(message.Copy().Remove(NameField).Add(NameField, name));

    /// <summary>The same name and element type, with one free axis.</summary>
    public OnnxPort AsRows(string axis)
    {
        var dimension = axis.Length > 0 ? new WireMessage().Add(Parameter, axis) : new WireMessage();
        var tensor = new WireMessage().Add(Element, ElementType).Add(Shape, new WireMessage().Add(Dimension, dimension));
        return new(message.Copy().Remove(Type).Add(Type, new WireMessage().Add(TensorType, tensor)));
    }

    public byte[] ToArray() => message.ToArray();

    private WireMessage? Tensor() => message.Messages(Type).LastOrDefault()?.Messages(TensorType).LastOrDefault();
}
