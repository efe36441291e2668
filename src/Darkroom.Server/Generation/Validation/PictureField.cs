using System.Text.Json;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A picture: base64 in JSON, with or without a <c>data:</c> prefix, or the file itself as a part of a form.</summary>
internal sealed class PictureField : Field<PictureFile?>
{
    public PictureField(string name, string about) : base(name, about) => IsPrivate = true;

    public override bool IsWords => true;

    public override string Limit { get; } =
        $"PNG, JPEG or WebP of at most {PictureLimits.Default.MaxBytes >> 20} MiB, {PictureLimits.Default.MaxSide} pixels a side and {PictureLimits.Default.MaxArea} in all";

    public override object? Read(JsonElement json, FaultList faults)
    {
        if (json.ValueKind != JsonValueKind.String) return WrongType(json, "a picture in base64", faults);
        return Base64Picture.TryDecode(JsonText.Of(json), PictureLimits.Default.MaxBytes, out var file, out var fault) ? Inspect(file, faults) : Refuse(fault, faults);
    }

    /// <summary>Reads a file of a form. The copy lets the rest of the form go while the picture waits for its job.</summary>
    public object? ReadPart(SentFile part, FaultList faults) => Inspect(part.Bytes.ToArray(), faults);

    protected override void Write(Utf8JsonWriter writer, PictureFile? value) => writer.WriteNullValue();

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
