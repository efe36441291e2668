using System.Text.Json;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.OpenAi.Contracts;

namespace Darkroom.Server.OpenAi.Reading;

/// <summary>The pictures of an edit in JSON: objects with an <c>image_url</c>, which is a <c>data:</c> address here.</summary>
/// <param name="lifted">Long texts that stand elsewhere.</param>
/// <param name="faults">Takes what is wrong.</param>
internal sealed class SentImages(LiftedTexts lifted, FaultList faults)
{
    private const string Limit = "an object with image_url, a data: address";

    /// <summary>The pictures of <c>images</c>, as parts of a form would have been; empty where they are a fault.</summary>
    public IReadOnlyList<SentFile> Read(JsonElement images)
    {
        if (images.ValueKind != JsonValueKind.Array)
        {
            string limit = $"1…{OpenAiFields.MaxImages} objects with image_url";
            faults.Add(new Fault("images", $"images must be an array, not {GivenValue.Kind(images)}.", null, limit));
            return [];
        }
        var sent = new List<SentFile>();
        foreach (var (index, image) in images.EnumerateArray().Index())
            if (sent.Count <= OpenAiFields.MaxImages && One(OpenAiFields.Image.Name, $"images.{index}", image) is { } file)
                sent.Add(file);
        return sent;
    }

    /// <summary>One picture; null where it is a fault.</summary>
    /// <param name="name">Of its field.</param>
    /// <param name="place">Where it stands, as faults name it.</param>
    /// <param name="image">The object.</param>
    public SentFile? One(string name, string place, JsonElement image)
    {
        if (image.ValueKind != JsonValueKind.Object) return Refuse(place, $"must be an object, not {GivenValue.Kind(image)}.");
        SentFile? file = null;
        foreach (var property in image.EnumerateObject())
            switch (JsonText.NameOf(property))
            {
                case "image_url" when property.Value.ValueKind == JsonValueKind.String:
                    string text = JsonText.Of(property.Value);
                    file = text.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
                        ? Refuse(place + ".image_url", "must be a data: address: this server fetches nothing from others.")
                        : lifted.Sent(name, text);
                    if (file is null) return null;
                    break;
                case "image_url":
                    return Refuse(place + ".image_url", $"must be a string, not {GivenValue.Kind(property.Value)}.");
                case "file_id" when property.Value.ValueKind == JsonValueKind.Null:
                    break;
                case "file_id":
                    return Refuse(place + ".file_id", "has no meaning here: no files are kept. Send the picture in image_url.");
                case var other:
                    return Refuse(place, $"has no such field as '{GivenValue.Shorten(other)}'.");
            }
        return file ?? Refuse(place, "must have image_url.");
    }

    private SentFile? Refuse(string place, string predicate)
    {
        faults.Add(new Fault(place, $"{place} {predicate}", null, Limit));
        return null;
    }
}
