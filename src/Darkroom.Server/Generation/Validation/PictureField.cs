using System.Text;
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
        return Decode(Encoding.UTF8.GetBytes(JsonText.Of(json)), faults);
    }

    /// <summary>Reads a picture out of a text in base64.</summary>
    public PictureFile? ReadText(string text, FaultList faults) => (PictureFile?)Decode(Encoding.UTF8.GetBytes(text), faults);

    /// <summary>Reads a picture that lies beside the values, in its place: base64 is the file's bytes afterwards.</summary>
    public object? ReadPart(SentFile sent, FaultList faults) => sent.Form switch
    {
        SentForm.File => Inspect(sent.Bytes, faults),
        SentForm.Base64 => Decode(sent.Bytes, faults),
        _ => Decode(sent.Bytes[..JsonText.UnescapeAscii(sent.Bytes.Span)], faults),
    };

    // Read decodes a picture before it comes to this.
    protected override PictureFile? Of(object value) => throw new NotSupportedException("A picture has no default.");

    protected override object? ValueOf(PictureFile? value) => null;

    /// <summary>Base64 of the largest file, with as much white space between as is skipped.</summary>
    private static readonly int MaxText = (int)(PictureLimits.Default.MaxBytes * 8 / 7 / 3 * 4);

    public override OpenApiSchema Schema() => new()
    {
        Type = IsRequired ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null, Format = "byte", MaxLength = MaxText,
    };

    public override OpenApiSchema FormSchema() => new() { Type = JsonSchemaType.String, Format = "binary", MaxLength = (int)PictureLimits.Default.MaxBytes };

    private object? Decode(Memory<byte> text, FaultList faults) =>
        Base64Picture.TryDecode(text, PictureLimits.Default.MaxBytes, out var file, out var fault) ? Inspect(file, faults) : Refuse(fault, faults);

    private PictureFile? Inspect(ReadOnlyMemory<byte> file, FaultList faults)
    {
        if (PictureDecoder.TryInspect(file.Span, PictureLimits.Default, out var header, out var fault)) return new PictureFile(file, header);
        Refuse(fault, faults);
        return null;
    }

    private object? Refuse(PictureFault fault, FaultList faults)
    {
        faults.Add(PictureRefusal.Of(this, fault));
        return null;
    }
}
