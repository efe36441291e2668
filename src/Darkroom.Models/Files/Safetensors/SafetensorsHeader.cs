using System.Text.Json;
using System.Text.Unicode;

namespace Darkroom.Models.Files.Safetensors;

/// <summary>Reads a header and checks it against the file. Every fault is one sentence, to stand behind the file's name.</summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The header's object, a tensor's, and its lists.</summary>
    private const int MaxDepth = 3;

    private const int MaxAxes = 32, MaxShown = 120;

    private readonly List<StoredTensor> tensors = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> metadata = new(StringComparer.Ordinal);
    private readonly string path;
    private readonly long start, length;

    private SafetensorsHeader(string path, long start, long length) => (this.path, this.start, this.length) = (path, start, length);

    public IReadOnlyDictionary<string, string> Metadata => metadata;

    public IReadOnlyList<StoredTensor> Tensors => tensors;

    /// <param name="json">The header's bytes.</param>
    /// <param name="path">The file.</param>
    /// <param name="start">Where its values begin.</param>
    /// <param name="length">Its length.</param>
    /// <exception cref="InvalidDataException">Not to be trusted.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, string path, long start, long length)
    {
        if (!Utf8.IsValid(json)) throw NoHeader("is not UTF-8 text");
        var header = new SafetensorsHeader(path, start, length);
        try
        {
            header.Read(json);
        }
        catch (JsonException)
        {
            throw NoHeader("is not the JSON it should be");
        }
        catch (InvalidOperationException)
        {
            // A value of another kind than was asked for, or a text with half of a surrogate pair.
            throw NoHeader("has a value of the wrong kind");
        }
        header.CheckPlaces();
        return header;
    }

    private void Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextName(ref reader, out string name))
        {
            if (!names.Add(name)) throw new InvalidDataException($"is no safetensors file: its header names '{Shown(name)}' twice");
            if (name == "__metadata__") ReadMetadata(ref reader);
            else tensors.Add(ReadTensor(ref reader, name));
        }
        if (reader.Read()) throw new JsonException();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextName(ref reader, out string name))
        {
            Expect(ref reader, JsonTokenType.String);
            metadata[name] = reader.GetString()!;
        }
    }

    private StoredTensor ReadTensor(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        List<long>? shape = null, places = null;
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextName(ref reader, out string field))
        {
            bool again = false;
            if (field == "dtype")
            {
                Expect(ref reader, JsonTokenType.String);
                (again, type) = (type is not null, reader.GetString());
            }
            else if (field == "shape") (again, shape) = (shape is not null, ReadNumbers(ref reader, name));
            else if (field == "data_offsets") (again, places) = (places is not null, ReadNumbers(ref reader, name));
            else throw Fault(name, $"has a field '{Shown(field)}', which the format does not know");
            if (again) throw Fault(name, $"has its {field} twice");
        }
        if (type is null || shape is null || places is null) throw Fault(name, "has not all of dtype, shape and data_offsets");
        if (StoredTypes.Find(type) is not { } known) throw Fault(name, $"is of type '{Shown(type)}', which is unknown");
        return Check(name, known, shape, places);
    }

    /// <summary>A tensor that lies in the file and is as long as it says.</summary>
    private StoredTensor Check(string name, StoredType type, List<long> shape, List<long> places)
    {
        if (places is not [var begin, var end]) throw Fault(name, $"has {places.Count} data_offsets where 2 were expected");
        if (begin > end) throw Fault(name, $"ends at {end}, before its begin at {begin}");
        if (end > length - start)
            throw new InvalidDataException($"is cut off: {length - start} bytes of values are there, but tensor '{Shown(name)}' ends at {end}");
        long bytes;
        try
        {
            bytes = shape.Aggregate((long)type.SizeOf(), static (size, side) => checked(size * side));
        }
        catch (OverflowException)
        {
            throw Fault(name, $"has the shape {StoredTensor.TextOf(shape)}, larger than any file");
        }
        return end - begin == bytes
            ? new(path, name, type, shape, start + begin)
            : throw Fault(name, $"takes {end - begin} bytes where its type and shape {StoredTensor.TextOf(shape)} need {bytes}");
    }

    /// <summary>The tensors must fill the file, one behind the other: what two share, or nobody names, is a sign of a made-up header.</summary>
    private void CheckPlaces()
    {
        long next = start;
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.Bytes))
        {
            if (tensor.Offset < next) throw Fault(tensor.Name, "shares bytes with another");
            if (tensor.Offset > next) throw Fault(tensor.Name, $"follows {tensor.Offset - next} bytes that belong to no tensor");
            next += tensor.Bytes;
        }
        if (next != length) throw new InvalidDataException($"is no safetensors file: its last {length - next} bytes belong to no tensor");
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader, string name)
    {
        var numbers = new List<long>();
        Expect(ref reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!reader.TryGetInt64(out long number) || number < 0) throw Fault(name, "has a side or an offset that is no whole number from 0 on");
            if (numbers.Count == MaxAxes) throw Fault(name, $"has more than {MaxAxes} axes");
            numbers.Add(number);
        }
        return numbers;
    }

    /// <summary>The next name of the object being read; false at its end.</summary>
    private static bool NextName(ref Utf8JsonReader reader, out string name)
    {
        name = "";
        if (!reader.Read()) throw new JsonException();
        if (reader.TokenType == JsonTokenType.EndObject) return false;
        name = reader.GetString()!;
        return true;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type) throw new JsonException();
    }

    private static InvalidDataException Fault(string tensor, string reason) => new($"is no safetensors file: tensor '{Shown(tensor)}' {reason}");

    private static InvalidDataException NoHeader(string reason) => new($"is no safetensors file: its header {reason}");

    /// <summary>A name as messages show it: short, and without control characters.</summary>
    private static string Shown(string name) =>
        string.Concat((name.Length <= MaxShown ? name : name[..MaxShown] + "…").Select(sign => char.IsControl(sign) ? '?' : sign));
}
