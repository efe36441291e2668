using System.Text.Json;
using Darkroom.Server.Automatic1111.Reading;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Automatic1111.Extras;

/// <summary>A picture of a call.</summary>
/// <param name="Field">Where it stood, for faults.</param>
/// <param name="File">Past the limits by its headers.</param>
internal sealed record ExtrasPicture(string Field, PictureFile File);

/// <summary>The pictures of a call of Extras.</summary>
internal static class ExtrasPictures
{
    public const string Single = "image", List = "imageList";

    /// <summary>As many as a form may have parts.</summary>
    public const int MaxPictures = 64;

    /// <summary>One picture under <c>image</c>.</summary>
    public static IReadOnlyList<ExtrasPicture> OfSingle(LiftedBody body, SentValues values)
    {
        if (values.Find(Single) is not { } json) values.Refuse(Single, "is required: a picture in base64");
        else if (Read(body, values, Single, json, Single) is { } picture) return [picture];
        return [];
    }

    /// <summary>Pictures under <c>imageList</c>: objects with <c>data</c> and <c>name</c>.</summary>
    public static IReadOnlyList<ExtrasPicture> OfList(LiftedBody body, SentValues values)
    {
        var entries = values.List(List);
        if (entries.Count == 0 || entries.Count > MaxPictures)
        {
            if (values.Find(List) is null or { ValueKind: JsonValueKind.Array })
                values.Refuse(List, "must be a list of objects with data and name", limit: $"1…{MaxPictures} pictures");
            return [];
        }
        var pictures = new List<ExtrasPicture>();
        for (var i = 0; i < entries.Count; i++)
        {
            var name = $"{List}[{i}]";
            if (entries[i].ValueKind != JsonValueKind.Object) values.Refuse(name, "must be an object with data and name", entries[i]);
            else if (new SentValues(entries[i], values.Faults, name + ".") is var entry && entry.Find("data") is not { } json)
                entry.Refuse("data", "is required: a picture in base64");
            else if (Read(body, entry, "data", json, name + ".data") is { } picture) pictures.Add(picture);
        }
        return pictures;
    }

    private static ExtrasPicture? Read(LiftedBody body, SentValues values, string name, JsonElement json, string field)
    {
        if (SentPictures.Read(body, values, name, json, Single) is not { } sent) return null;
        var found = new FaultList();
        if (UpscaleFields.Image.ReadPart(sent, found) is PictureFile file) return new(field, file);
        foreach (var fault in found) values.Faults.Add(fault with { Field = field });
        return null;
    }
}
