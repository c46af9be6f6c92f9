# usage: tiny.pl URL [TEXT]: prints a stream's lines as they come, or posts TEXT.
use strict;
use warnings;
use HTTP::Tiny;
use JSON::PP;

$| = 1;
my ($url, $text) = @ARGV;
my $http = HTTP::Tiny->new(timeout => 600);
my $response;
if (defined $text) {
    utf8::decode($text);
    $response = $http->post($url, { content => encode_json({ text => $text }) });
    print $response->{content}, "\n";
} else {
    $response = $http->get($url, { data_callback => sub { print $_[0] } });
}
die "$response->{status} $response->{content}" unless $response->{success};
