# usage: listen.rb URL [TEXT]: prints a stream's lines as they come, or posts TEXT.
require 'json'
require 'net/http'

$stdout.sync = true
uri = URI(ARGV[0])
if ARGV[1]
  puts Net::HTTP.post(uri, { text: ARGV[1] }.to_json).body
else
  Net::HTTP.start(uri.host, uri.port, read_timeout: 600, max_retries: 0) do |http|
    http.request(Net::HTTP::Get.new(uri)) do |response|
      response.read_body { |piece| print piece }
    end
  end
end
