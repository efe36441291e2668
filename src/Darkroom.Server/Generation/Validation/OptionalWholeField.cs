using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A whole number in a range, or none.</summary>
internal sealed class OptionalWholeField(FieldInfo info) : Field<long?>(info)
{
    protected override long? Of(object value) => (long)value;

    public override OpenApiSchema Schema() => WholeField.Schema((WholeType)Info.Type);
}
