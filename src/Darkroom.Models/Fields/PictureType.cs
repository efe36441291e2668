using System.Text.Json;
using Darkroom.Imaging.Decoding;

namespace Darkroom.Models.Fields;

/// <summary>
/// A picture: base64 in JSON, with or without a <c>data:</c> prefix, or the file itself as a part of a form.
/// Read as the text; who asks decodes it.
/// </summary>
/// <param name="takesValues">Whether an npy file is taken too: values without colours, for models of such.</param>
public sealed class PictureType(bool takesValues = false) : FieldType
{
    public override bool IsText => true;

    public override string Kind => "a picture in base64";

    public override string Limit { get; } =
        $"PNG, JPEG{(takesValues ? ", WebP or npy" : " or WebP")} of at most {PictureLimits.Default.MaxBytes >> 20} MiB, "
        + $"{PictureLimits.Default.MaxSide} pixels a side and {PictureLimits.Default.MaxArea} in all";

    public override FieldReading Read(string name, JsonElement json) =>
        json.ValueKind == JsonValueKind.String ? FieldReading.Of(JsonText.Of(json)) : WrongType(name);

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNullValue();
    }
}
