using System.Text.Json;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A picture: base64 in JSON, with or without a <c>data:</c> prefix, or the file itself as a part of a form.</summary>
internal sealed class PictureField(FieldInfo info) : Field<PictureFile?>(info)
{
    public override object? Read(JsonElement json, FaultList faults)
    {
        if (json.ValueKind != JsonValueKind.String) return base.Read(json, faults);
        return Base64Picture.TryDecode(JsonText.Of(json), PictureLimits.Default.MaxBytes, out var file, out var fault) ? Inspect(file, faults)
            : Refuse(fault, faults);
    }

    /// <summary>Reads a file of a form. The copy lets the rest of the form go while the picture waits for its job.</summary>
    public object? ReadPart(SentFile part, FaultList faults) => Inspect(part.Bytes.ToArray(), faults);

    // Read decodes a picture before it comes to this.
    protected override PictureFile? Of(object value) => throw new NotSupportedException("A picture has no default.");

    protected override object? ValueOf(PictureFile? value) => null;

    public override OpenApiSchema Schema() => new() { Type = JsonSchemaType.String, Format = "byte" };

    public override OpenApiSchema FormSchema() => new() { Type = JsonSchemaType.String, Format = "binary" };

    private PictureFile? Inspect(byte[] file, FaultList faults)
    {
        if (PictureDecoder.TryInspect(file, PictureLimits.Default, out var header, out var fault)) return new PictureFile(file, header);
        Refuse(fault, faults);
        return null;
    }

    private object? Refuse(PictureFault fault, FaultList faults)
    {
        faults.Add(PictureRefusal.Of(this, fault));
        return null;
    }
}
