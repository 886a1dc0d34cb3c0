using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Wire;

/// <summary>
/// JSON as the APIs have it: members in camel case, without those that are null, moments as seconds since the epoch, enums by their names,
/// doubles with a decimal point. Unknown members are ignored; a number in a string is refused.
/// </summary>
internal static class WireJson
{
    public const string ContentType = "application/json";

    /// <summary>The bytes of a block of memory in which Kestrel collects an answer.</summary>
    private const int KestrelBlock = 4096;

    private static readonly ConcurrentDictionary<JsonSerializerOptions, JsonSerializerOptions> WithReflection = [];

    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions WithComments { get; } = Make(Options, options =>
        (options.ReadCommentHandling, options.AllowTrailingCommas) = (JsonCommentHandling.Skip, true));

    /// <summary>The same, but that members which a structure does not have are refused, at every depth.</summary>
    public static JsonSerializerOptions Strict { get; } = Make(Options, options =>
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow);

    /// <summary>With what a body of this type is read.</summary>
    public static JsonSerializerOptions OptionsOf(Type body) => body.IsDefined(typeof(AllowsCommentsAttribute), false) ? WithComments : Options;

    /// <summary>
    /// The same, but that System.Text.Json finds out by reflection how structures are read and written, and can say what members they have.
    /// </summary>
    public static JsonSerializerOptions Reflecting(JsonSerializerOptions options) =>
        WithReflection.GetOrAdd(options, static options => Make(options, copy => copy.TypeInfoResolver = new DefaultJsonTypeInfoResolver()));

    /// <summary>An answer as JSON. Disposed of by the caller, when it is written.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="type">What the operation declares to answer.</param>
    public static JsonText Text(object? answer, Type type)
    {
        var text = JsonText.Rent();
        if (answer is not null && JsonCodecs.Find(type) is { } codec)
            codec.AppendObject(text, JsonPrefix.None, answer);
        else
            text.Serialize(answer, Options.GetTypeInfo(type));
        return text;
    }

    /// <summary>An object that is made as JSON, such as an error.</summary>
    public static byte[] Bytes(JsonObject json)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, new() { Encoder = Options.Encoder }))
            json.WriteTo(writer, Options);
        return bytes.WrittenSpan.ToArray();
    }

    public static async ValueTask Write(HttpResponse response, object? answer, Type type)
    {
        using var json = Text(answer, type);
        await Write(response, json.Written);
    }

    public static ValueTask<FlushResult> Write(HttpResponse response, ReadOnlyMemory<byte> json)
    {
        response.ContentType = ContentType;
        response.ContentLength = json.Length;
        return json.Length <= KestrelBlock ? response.BodyWriter.WriteAsync(json) : WriteInOnePiece(response, json);
    }

    /// <summary>
    /// Kestrel would copy a page of a list to a dozen blocks, each rented, noted, pinned and given back by itself. Memory for as many bytes is one block; for that
    /// the headers have to be written before.
    /// </summary>
    private static async ValueTask<FlushResult> WriteInOnePiece(HttpResponse response, ReadOnlyMemory<byte> json)
    {
        await response.StartAsync();
        var body = response.BodyWriter;
        json.CopyTo(body.GetMemory(json.Length));
        body.Advance(json.Length);
        return await body.FlushAsync();
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = JsonTypeInfoResolver.Combine(new CodecResolver(), new DefaultJsonTypeInfoResolver()),
            Converters = { new ValueConverterFactory(), new JsonStringEnumConverter(null, allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    }

    private static JsonSerializerOptions Make(JsonSerializerOptions from, Action<JsonSerializerOptions> change)
    {
        var options = new JsonSerializerOptions(from);
        change(options);
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Makes converters when they are first needed: what System.Text.Json has for each type of values is compiled at run time.</summary>
    private sealed class ValueConverterFactory : JsonConverterFactory
    {
        public override bool CanConvert(Type type) => type == typeof(double) || type == typeof(DateTimeOffset) || type == typeof(Moment);

        public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options)
        {
            if (type == typeof(double))
                return new DoubleConverter();
            return type == typeof(DateTimeOffset) ? new TimeConverter() : new MomentConverter();
        }
    }

    /// <summary>Seconds since the epoch, with a fraction when there is one: 1560787022.733.</summary>
    private sealed class MomentConverter : JsonConverter<Moment>
    {
        public override Moment Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            new((long)Math.Round(reader.GetDouble() * 1000));

        public override void Write(Utf8JsonWriter writer, Moment value, JsonSerializerOptions options)
        {
            Span<byte> text = stackalloc byte[40];
            writer.WriteRawValue(text[..JsonText.Format(value, text)], skipInputValidation: true);
        }
    }

    /// <summary>A time in ISO 8601, as the emulator's own endpoints have it. Without an offset it is UTC.</summary>
    private sealed class TimeConverter : JsonConverter<DateTimeOffset>
    {
        private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
            && DateTimeOffset.TryParseExact(reader.GetString(), Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Moment.Of(value).ToString());
    }

    /// <summary>Writes 50.0 and not 50, because some clients read the latter as an integer.</summary>
    private sealed class DoubleConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            Span<byte> text = stackalloc byte[40];
            writer.WriteRawValue(text[..JsonText.FormatDouble(value, text)], skipInputValidation: true);
        }
    }
}
