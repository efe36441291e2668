using System.Text.RegularExpressions;
using Darkroom.Architecture.Sources;

namespace Darkroom.Architecture;

/// <summary>An operator filters log lines by their event's id.</summary>
public sealed partial class LogTests
{
    [Fact]
    public void Event_id_is_used_once()
    {
        var events = SourceTree.Rooms
            .SelectMany(file => EventId().Matches(file.Code), (file, match) => (Id: match.Groups[1].Value, file.Path))
            .ToLookup(one => one.Id, one => one.Path);
        Assert.True(events.Count > 15, "The log's events were not found.");
        Rule.Holds("These event ids are used more than once.",
            events.Where(uses => uses.Count() > 1).Select(uses => $"{uses.Key}: {string.Join(", ", uses)}"));
    }

    /// <summary>
    /// The generator writes the classes of several files in the order of their objects' hash codes, which is another one in each build: builds of the same
    /// sources would differ (<c>deploy/release/reproduce</c>).
    /// </summary>
    [Fact]
    public void A_room_logs_from_one_file() => Rule.Holds("The log's methods of a room stand in more than one file.",
        SourceTree.Rooms.Where(file => file.Code.Contains("[LoggerMessage(", StringComparison.Ordinal))
            .GroupBy(file => file.Path.Split('/')[1]).Where(room => room.Count() > 1)
            .Select(room => string.Join(", ", room.Select(file => file.Path))));

    [GeneratedRegex(@"\b(?:LoggerMessage|EventId)\s*\(\s*(?:EventId\s*=\s*)?(\d+)")]
    private static partial Regex EventId();
}
