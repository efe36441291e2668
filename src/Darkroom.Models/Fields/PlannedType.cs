using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>Values of a field that is only planned: none is read.</summary>
public sealed class PlannedType(string limit) : FieldType
{
    public override string Kind => limit;

    public override string Limit => limit;

    public override FieldReading Read(string name, JsonElement json) => new FieldFault(name, "is not supported yet", limit, FieldFaultKind.Other);

    public override void Write(Utf8JsonWriter writer, object value) => throw new NotSupportedException("A planned field has no values.");
}
